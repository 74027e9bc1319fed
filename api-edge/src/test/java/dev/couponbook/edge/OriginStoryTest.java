package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.program.Environment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request says of its origin decides what a browser shows, and never whether we answer. */
class OriginStoryTest {
  private final RunningEdge running = RunningEdge.shared();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://x",
        "null",
        "https://shop.example",
        "http://localhost:3000",
        "x",
        "",
        "http://127.0.0.1"
      })
  void request_of_any_origin_is_answered_and_no_page_may_read_it(String origin) {
    for (var path : List.of("/coupons", "/openapi.yaml", "/health/liveness", "/docs")) {
      var answer = running.acme().get(path, "Origin", origin);
      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(answer.header("Access-Control-Allow-Origin")).as(path).isNull();
    }
    var refused = running.nobody().get("/coupons", "Origin", origin);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void origins_are_a_setting_and_an_odd_one_is_refused_at_the_start() {
    var environment =
        new Environment(
            Map.of("COUPON_EDGE_ORIGINS", "https://shop.example , http://localhost:3000"));
    assertThat(Origins.from(environment).allowed())
        .containsExactly("https://shop.example", "http://localhost:3000");
    assertThat(Origins.from(new Environment(Map.of())).allowed()).isEmpty();
    for (var odd : List.of("shop.example", "https://shop.example/", "*", "null", "https://")) {
      assertThatThrownBy(() -> Origins.from(new Environment(Map.of("COUPON_EDGE_ORIGINS", odd))))
          .isInstanceOf(Environment.BadSettingException.class)
          .hasMessageContaining("COUPON_EDGE_ORIGINS");
    }
  }

  @Test
  void answers_are_neither_stored_nor_guessed_at() {
    var books = running.acme().get("/coupons");
    assertThat(books.header("Cache-Control")).isEqualTo("no-store");
    assertThat(books.header("X-Content-Type-Options")).isEqualTo("nosniff");
    var refused = running.nobody().get("/coupons");
    assertThat(refused.header("Cache-Control")).isEqualTo("no-store");
    var page = running.nobody().get("/docs");
    assertThat(page.header("Cache-Control")).isEqualTo("max-age=300");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void address_of_the_service_leads_to_its_page() {
    var start = running.nobody().get("/");
    assertThat(start.status()).isEqualTo(302);
    assertThat(start.header("Location")).as("relative, as there may be a prefix").isEqualTo("docs");
  }

  @Test
  void book_is_found_by_its_id_in_upper_case() {
    var book = RunningEdge.BOOK.toUpperCase(java.util.Locale.ROOT);
    assertThat(running.acme().get("/coupons/" + book).status()).isEqualTo(200);
  }
}
