package dev.couponbook.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.edge.Issuer;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeysTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Issuer issuer = new Issuer(0);
  private final SigningKeys keys =
      new SigningKeys(
          new TokenSettings(URI.create(issuer.keysAddress()), issuer.name()), nanos::get);

  @AfterEach
  void close() {
    keys.close();
    issuer.close();
  }

  @Test
  void keys_are_fetched_at_first_use_and_kept() {
    assertThat(issuer.timesAsked()).isZero();
    assertThat(keys.find("first")).isPresent();
    assertThat(keys.find("first")).isPresent();
    assertThat(issuer.timesAsked()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "7",
        "\"key\"",
        "[]",
        "{}",
        "{\"kty\":null}",
        "{\"kty\":7}",
        "{\"kty\":\"XYZ\",\"kid\":\"odd\"}",
        "{\"kty\":\"RSA\",\"kid\":\"odd\"}",
        "{\"kty\":\"RSA\",\"kid\":\"odd\",\"n\":null,\"e\":\"AQAB\"}",
        "{\"kty\":\"RSA\",\"kid\":\"odd\",\"n\":\"AQAB\",\"e\":7}",
        "{\"kty\":\"RSA\",\"kid\":7,\"n\":\"AQAB\",\"e\":\"AQAB\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-1\",\"kid\":\"odd\",\"x\":\"AQAB\",\"y\":\"AQAB\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"odd\",\"x\":\"AQAB\",\"y\":\"AQAB\"}",
        "{\"kty\":\"oct\",\"kid\":\"odd\",\"k\":\"AQAB\"}",
        "{\"kty\":\"RSA\",\"kid\":\"odd\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"key_ops\":[\"fly\"]}",
        "{\"kty\":\"RSA\",\"kid\":\"odd\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"key_ops\":7,\"use\":[]}",
        "{\"kty\":\"RSA\",\"kid\":\"odd\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"x5c\":[null]}",
      })
  void odd_key_is_passed_over_and_the_good_ones_beside_it_count(String odd) {
    issuer.serve("{\"keys\":[" + odd + ",KEY," + odd + "]}");
    assertThat(keys.find("first")).isPresent();
    assertThat(keys.find("odd")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "7", "[]", "{}", "{\"keys\":null}", "{\"keys\":{}}", "<html>"})
  void what_is_no_set_of_keys_leaves_those_that_we_have(String odd) {
    assertThat(keys.find("first")).isPresent();
    issuer.serve(odd);
    pass(Duration.ofSeconds(61));
    assertThat(keys.find("second")).isEmpty();
    assertThat(keys.find("first")).isPresent();
    issuer.serve("{\"keys\":[KEY]}");
    pass(Duration.ofSeconds(61));
    assertThat(keys.find("third")).isEmpty();
    assertThat(keys.find("first")).isPresent();
  }

  @Test
  void unknown_ids_ask_the_issuer_once_a_minute_at_most() {
    keys.find("first");
    for (int i = 0; i < 100; i++) {
      assertThat(keys.find("unknown-" + i)).isEmpty();
    }
    assertThat(issuer.timesAsked()).isEqualTo(1);
    pass(Duration.ofSeconds(61));
    for (int i = 0; i < 100; i++) {
      assertThat(keys.find("unknown-" + i)).isEmpty();
    }
    assertThat(issuer.timesAsked()).isEqualTo(2);
  }

  @Test
  void a_new_key_is_known_within_a_minute_and_the_old_one_is_gone() {
    keys.find("first");
    issuer.rotate("second");
    pass(Duration.ofSeconds(61));
    assertThat(keys.find("second")).isPresent();
    assertThat(keys.find("first")).isEmpty();
  }

  @Test
  void keys_outlive_their_issuer_by_a_day() {
    keys.find("first");
    issuer.close();
    pass(Duration.ofHours(23));
    assertThat(keys.find("first")).isPresent();
    pass(Duration.ofHours(2));
    assertThatThrownBy(() -> keys.find("first"))
        .isInstanceOf(SigningKeys.IssuerAwayException.class);
  }

  @Test
  void an_issuer_that_is_away_at_the_start_is_asked_again() {
    int port = URI.create(issuer.name()).getPort();
    issuer.close();
    assertThatThrownBy(() -> keys.find("first"))
        .isInstanceOf(SigningKeys.IssuerAwayException.class);
    try (var back = new Issuer(port)) {
      pass(Duration.ofSeconds(3));
      assertThat(keys.find("first")).isPresent();
      assertThat(back.timesAsked()).isEqualTo(1);
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
