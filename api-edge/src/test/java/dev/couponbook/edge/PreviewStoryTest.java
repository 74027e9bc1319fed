package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PreviewStoryTest {
  private final Client acme = RunningEdge.shared().acme();

  @Test
  void samples_and_figures_come_at_once_and_nothing_is_sent() {
    var preview = preview("{\"amount\":1000,\"pattern\":\"SALE-{9:8}{C}\"}");
    assertThat(preview.status()).isEqualTo(200);
    assertThat(preview.json().at("/samples")).hasSize(5);
    assertThat(preview.at("/samples/0")).matches("SALE-[0-9]{9}");
    assertThat(preview.json().at("/keySpace").asLong()).isEqualTo(100_000_000);
    assertThat(preview.json().at("/bits").asDouble()).isEqualTo(26.6);
    assertThat(preview.json().at("/fillRatio").asDouble()).isEqualTo(1e-5);
    assertThat(preview.json().at("/guessesPerHit").asLong()).isEqualTo(100_000);
    assertThat(preview.at("/warnings/0")).contains("One guess in 100000");
  }

  @Test
  void pattern_that_nobody_guesses_has_no_warnings() {
    assertThat(preview("{\"amount\":1000000}").json().has("warnings")).isFalse();
  }

  @Test
  void bad_pattern_is_named_as_when_codes_are_added() {
    var refused = preview("{\"amount\":10,\"pattern\":\"{X}\"}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.response().body()).contains("generated.pattern");
    assertThat(
            acme.post(
                    "/coupons/codes/preview",
                    "{\"bookId\":\"" + RunningEdge.BOOK + "\",\"manual\":[{\"code\":\"A\"}]}")
                .status())
        .isEqualTo(400);
  }

  private Client.Answer preview(String generated) {
    return acme.post(
        "/coupons/codes/preview",
        "{\"bookId\":\"" + RunningEdge.BOOK + "\",\"generated\":" + generated + "}");
  }
}
