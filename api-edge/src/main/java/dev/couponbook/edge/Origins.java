package dev.couponbook.edge;

import dev.couponbook.program.Environment;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The web pages that may read our answers in a browser (CORS, in the Fetch standard). Whatever a
 * request says of its origin, it is answered; a browser shows the answer only to these pages.
 *
 * @param allowed as a browser names them: {@code https://shop.example}
 */
record Origins(List<String> allowed) {
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
  private static final List<String> HEADERS_TO_READ =
      List.of(
          "Content-Location",
          "ETag",
          "Idempotent-Replayed",
          "Location",
          "Preference-Applied",
          "RateLimit",
          "RateLimit-Policy",
          "Retry-After",
          "Trace-Id",
          "WWW-Authenticate");

  /**
   * @throws Environment.BadSettingException if one is not an origin
   */
  static Origins from(Environment environment) {
    var text = environment.find("COUPON_EDGE_ORIGINS");
    var allowed = text == null ? List.<String>of() : List.of(COMMA.split(text));
    for (var origin : allowed) {
      if (!isOrigin(origin)) {
        throw new Environment.BadSettingException(
            "COUPON_EDGE_ORIGINS must be origins with commas between them, as in"
                + " https://shop.example,http://localhost:3000");
      }
    }
    return new Origins(allowed);
  }

  private static boolean isOrigin(String text) {
    try {
      var uri = URI.create(text);
      return uri.getHost() != null
          && text.equals(
              uri.getScheme()
                  + "://"
                  + uri.getHost()
                  + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  Map<String, Object> frameworkSettings() {
    var settings = new HashMap<String, Object>();
    // Otherwise the framework refuses every request that names an origin, if we listen on loopback.
    settings.put("micronaut.server.cors.localhost-pass-through", true);
    if (!allowed.isEmpty()) {
      settings.put("micronaut.server.cors.enabled", true);
      settings.put("micronaut.server.cors.configurations.pages.allowed-origins", allowed);
      settings.put(
          "micronaut.server.cors.configurations.pages.allowed-methods",
          List.of("GET", "HEAD", "POST"));
      settings.put("micronaut.server.cors.configurations.pages.exposed-headers", HEADERS_TO_READ);
      settings.put("micronaut.server.cors.configurations.pages.allow-credentials", false);
    }
    return settings;
  }
}
