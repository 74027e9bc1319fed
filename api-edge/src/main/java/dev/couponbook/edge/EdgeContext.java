package dev.couponbook.edge;

import dev.couponbook.edge.file.FileSettings;
import dev.couponbook.edge.id.RequestIdKey;
import dev.couponbook.edge.limit.LimitSettings;
import dev.couponbook.edge.queue.QueueSettings;
import dev.couponbook.edge.route.PublicBase;
import dev.couponbook.edge.security.TokenSettings;
import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import java.util.HashMap;
import java.util.Map;

/** What the edge is made of, whether a server of its own or a function brings its requests. */
public final class EdgeContext {
  private static final int MAX_BODY_BYTES = 256 * 1024;

  private EdgeContext() {}

  /**
   * The edge's beans, except the settings of what brings the requests.
   *
   * @throws Environment.BadSettingException if a setting is missing or cannot be
   */
  public static ApplicationContextBuilder builder(Environment environment) {
    return ApplicationContext.builder()
        .banner(false)
        .deduceEnvironment(false)
        .environmentPropertySource(false)
        .properties(frameworkSettings(Origins.from(environment)))
        .singletons(
            LimitSettings.from(environment),
            DatabaseSettings.from(environment, "coupon_edge"),
            TokenSettings.from(environment),
            RequestIdKey.from(environment),
            QueueSettings.from(environment),
            FileSettings.from(environment),
            PublicBase.from(environment));
  }

  private static Map<String, Object> frameworkSettings(Origins origins) {
    var settings = new HashMap<String, Object>();
    settings.put("micronaut.application.name", "api-edge");
    settings.put("micronaut.server.max-request-size", MAX_BODY_BYTES);
    settings.put("micronaut.server.multipart.enabled", false);
    settings.putAll(origins.frameworkSettings());
    return settings;
  }
}
