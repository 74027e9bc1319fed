package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.edge.request.QueueSettings;
import dev.couponbook.edge.request.RequestIdKey;
import dev.couponbook.edge.security.TokenSettings;
import dev.couponbook.edge.upload.FileSettings;
import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;
import java.net.URI;
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
  void the_rest_has_defaults() {
    var environment = new Environment(NEEDED);
    assertThat(ServerSettings.from(environment)).isEqualTo(new ServerSettings("127.0.0.1", 18100));
    assertThat(DatabaseSettings.from(environment, "coupon_edge").user()).isEqualTo("coupon_edge");
    assertThat(QueueSettings.from(environment))
        .isEqualTo(new QueueSettings("coupon-commands", "coupon-loads"));
    assertThat(FileSettings.from(environment))
        .isEqualTo(new FileSettings("coupon-files", false, null));
    assertThat(TokenSettings.from(environment).issuer()).isEqualTo("http://127.0.0.1:1");
  }

  @Test
  void each_has_its_own_name() {
    var environment =
        new Environment(
            Map.of(
                "COUPON_EDGE_HOST", "0.0.0.0",
                "COUPON_EDGE_PORT", "8080",
                "COUPON_QUEUE_COMMANDS", "c",
                "COUPON_QUEUE_LOADS", "l",
                "COUPON_BUCKET", "b",
                "COUPON_S3_PATH_STYLE", "true",
                "COUPON_S3_PUBLIC_URL", "http://127.0.0.1:4566"));
    assertThat(ServerSettings.from(environment).host()).isEqualTo("0.0.0.0");
    assertThat(ServerSettings.from(environment).port()).isEqualTo(8080);
    assertThat(QueueSettings.from(environment)).isEqualTo(new QueueSettings("c", "l"));
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
  void a_missing_one_stops_the_start_by_its_name(String name) {
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
  void a_bad_one_stops_the_start_by_its_name(String name, String value) {
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
