package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.edge.connection.ConnectionSettings;
import dev.couponbook.edge.file.FileSettings;
import dev.couponbook.edge.id.RequestIdKey;
import dev.couponbook.edge.limit.LimitSettings;
import dev.couponbook.edge.queue.QueueSettings;
import dev.couponbook.edge.running.RunningSettings;
import dev.couponbook.edge.security.TokenSettings;
import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;
import dev.couponbook.program.MetricsSettings;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Map<String, String> NEEDED =
      Map.of(
          "COUPON_DB_URL", "jdbc:postgresql://127.0.0.1:1/couponbook",
          "COUPON_DB_PASSWORD", "secret",
          "COUPON_JWT_JWKS_URL", "http://127.0.0.1:1/keys",
          "COUPON_JWT_ISSUER", "http://127.0.0.1:1",
          "COUPON_REQUEST_ID_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");

  @Test
  void other_settings_have_defaults() {
    var environment = new Environment(NEEDED);
    assertThat(ServerSettings.from(environment)).isEqualTo(new ServerSettings("127.0.0.1", 18100));
    assertThat(DatabaseSettings.from(environment, "coupon_edge").user()).isEqualTo("coupon_edge");
    assertThat(QueueSettings.from(environment))
        .isEqualTo(new QueueSettings("coupon-commands", "coupon-loads", 100));
    assertThat(FileSettings.from(environment))
        .isEqualTo(new FileSettings("coupon-files", false, null));
    assertThat(TokenSettings.from(environment).issuer()).isEqualTo("http://127.0.0.1:1");
    assertThat(ConnectionSettings.from(environment))
        .isEqualTo(new ConnectionSettings(10_000, Duration.ofSeconds(30)));
    assertThat(LimitSettings.from(environment))
        .isEqualTo(new LimitSettings(50_000, 100_000, 10_000, 1_000_000));
    assertThat(RunningSettings.from(environment))
        .isEqualTo(new RunningSettings(metrics("127.0.0.1", 0), true));
  }

  private static MetricsSettings metrics(String host, int port) {
    return new MetricsSettings(host, port, "COUPON_EDGE_METRICS_PORT", null);
  }

  @Test
  void each_has_its_own_name() {
    var environment =
        new Environment(
            Map.ofEntries(
                Map.entry("COUPON_EDGE_HOST", "0.0.0.0"),
                Map.entry("COUPON_EDGE_PORT", "8080"),
                Map.entry("COUPON_EDGE_CONNECTIONS", "11"),
                Map.entry("COUPON_EDGE_REQUEST_SECONDS", "12"),
                Map.entry("COUPON_PARTNER_RATE", "13"),
                Map.entry("COUPON_PARTNER_BURST", "14"),
                Map.entry("COUPON_USER_MISSES", "15"),
                Map.entry("COUPON_PARTNER_MISSES", "16"),
                Map.entry("COUPON_EDGE_METRICS_HOST", "10.0.0.1"),
                Map.entry("COUPON_EDGE_METRICS_PORT", "17"),
                Map.entry("COUPON_EDGE_ACCESS_LOG", "false"),
                Map.entry("COUPON_EDGE_COMMANDS_PER_MESSAGE", "18"),
                Map.entry("COUPON_QUEUE_COMMANDS", "c"),
                Map.entry("COUPON_QUEUE_LOADS", "l"),
                Map.entry("COUPON_BUCKET", "b"),
                Map.entry("COUPON_S3_PATH_STYLE", "true"),
                Map.entry("COUPON_S3_PUBLIC_URL", "http://127.0.0.1:4566")));
    assertThat(ConnectionSettings.from(environment))
        .isEqualTo(new ConnectionSettings(11, Duration.ofSeconds(12)));
    assertThat(LimitSettings.from(environment)).isEqualTo(new LimitSettings(13, 14, 15, 16));
    assertThat(RunningSettings.from(environment))
        .isEqualTo(new RunningSettings(metrics("10.0.0.1", 17), false));
    assertThat(ServerSettings.from(environment).host()).isEqualTo("0.0.0.0");
    assertThat(ServerSettings.from(environment).port()).isEqualTo(8080);
    assertThat(QueueSettings.from(environment)).isEqualTo(new QueueSettings("c", "l", 18));
    assertThat(FileSettings.from(environment))
        .isEqualTo(new FileSettings("b", true, URI.create("http://127.0.0.1:4566")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COUPON_DB_URL",
        "COUPON_DB_PASSWORD",
        "COUPON_JWT_JWKS_URL",
        "COUPON_JWT_ISSUER",
        "COUPON_REQUEST_ID_KEY"
      })
  void a_missing_setting_stops_the_start_and_is_named(String name) {
    var settings = new HashMap<>(NEEDED);
    settings.remove(name);
    assertThatThrownBy(() -> Edge.start(settings))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessage(name + " is not set");
  }

  @ParameterizedTest
  @CsvSource({
    "COUPON_EDGE_PORT,x",
    "COUPON_EDGE_PORT,70000",
    "COUPON_DB_URL,jdbc:h2:mem",
    "COUPON_JWT_JWKS_URL,ftp://x/y",
    "COUPON_JWT_JWKS_URL,keys",
    "COUPON_REQUEST_ID_KEY,AAAA",
    "COUPON_REQUEST_ID_KEY,%%",
    "COUPON_S3_PATH_STYLE,yes",
    "COUPON_S3_PUBLIC_URL,files.example.com"
  })
  void a_bad_setting_stops_the_start_and_is_named(String name, String value) {
    var settings = new HashMap<>(NEEDED);
    settings.put(name, value);
    assertThatThrownBy(() -> Edge.start(settings))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessageStartingWith(name + " must ");
  }

  @Test
  void no_setting_shows_a_secret() {
    var environment = new Environment(NEEDED);
    assertThat(DatabaseSettings.from(environment, "coupon_edge").toString())
        .doesNotContain("secret");
    assertThat(RequestIdKey.from(environment).toString()).isEqualTo("a key");
  }
}
