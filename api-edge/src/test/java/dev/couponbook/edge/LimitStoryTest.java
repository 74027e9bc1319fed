package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.edge.Client.Answer;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A partner or a user who asks for more than their share. */
@Tag("slow")
class LimitStoryTest {
  private static final String ASSIGN =
      "{\"bookId\":\"" + RunningEdge.BOOK + "\",\"email\":\"%s@example.com\"}";

  @Test
  void a_partner_over_its_rate_is_429_and_the_others_do_not_feel_it() {
    try (var running =
        new RunningEdge(Map.of("COUPON_PARTNER_RATE", "1", "COUPON_PARTNER_BURST", "20"))) {
      var acme = running.acme();
      var first = acme.get("/coupons");
      assertThat(first.status()).isEqualTo(200);
      assertThat(first.header("RateLimit-Policy")).isEqualTo("\"partner\";q=20;w=20");
      assertThat(first.header("RateLimit")).matches("\"partner\";r=19;t=\\d+");

      var refused = firstOver(acme);
      assertThat(refused.status()).as("%s", refused).isEqualTo(429);
      assertThat(refused.at("/code")).isEqualTo("rate_limited");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(refused.header("RateLimit")).startsWith("\"partner\";r=0;");
      assertThat(running.other().get("/coupons").status()).isEqualTo(200);
      assertThat(running.nobody().get("/health/liveness").header("RateLimit")).isNull();
    }
  }

  private static Answer firstOver(Client client) {
    var answer = client.get("/coupons");
    for (int i = 0; i < 40 && answer.status() == 200; i++) {
      answer = client.get("/coupons");
    }
    return answer;
  }

  @Test
  void a_user_who_names_missing_codes_is_stopped_and_one_who_finds_them_is_not() {
    try (var running =
        new RunningEdge(Map.of("COUPON_USER_MISSES", "3", "COUPON_PARTNER_MISSES", "5"))) {
      for (int i = 0; i < 6; i++) {
        answer(running, assign(running, "lucky"), 200, "{\"assigned\":true}");
      }
      for (int i = 0; i < 3; i++) {
        miss(running, assign(running, "guesser"));
      }
      var refused = assign(running, "guesser");
      assertThat(refused.status()).as("%s", refused).isEqualTo(429);
      assertThat(refused.at("/code")).isEqualTo("too_many_misses");
      assertThat(Integer.parseInt(String.valueOf(refused.header("Retry-After"))))
          .isBetween(1, 3_600);

      // Another user still may, until the partner's own budget is gone; then nobody names codes.
      miss(running, assign(running, "second"));
      miss(running, assign(running, "second"));
      assertThat(assign(running, "lucky").status()).isEqualTo(429);
      assertThat(running.acme().post("/coupons/assign", ASSIGN.formatted("lucky")).status())
          .isEqualTo(202);
      assertThat(running.other().post("/coupons/assign/X", ASSIGN.formatted("a")).status())
          .isEqualTo(202);
    }
  }

  @Test
  void a_missing_code_that_is_to_be_void_costs_the_partner_a_guess() {
    try (var running =
        new RunningEdge(Map.of("COUPON_USER_MISSES", "1", "COUPON_PARTNER_MISSES", "2"))) {
      for (int i = 0; i < 3; i++) {
        answer(running, makeVoid(running), 200, "{\"success\":true}");
      }
      miss(running, makeVoid(running));
      miss(running, makeVoid(running));
      assertThat(makeVoid(running).at("/code")).isEqualTo("too_many_misses");
    }
  }

  private static Answer makeVoid(RunningEdge running) {
    return running.acme().post("/coupons/void/GUESS", "{}");
  }

  @Test
  void blind_attempts_count_as_misses() {
    try (var running = new RunningEdge(Map.of("COUPON_USER_MISSES", "3"))) {
      for (int i = 0; i < 3; i++) {
        assertThat(assign(running, "blind").status()).isEqualTo(202);
      }
      assertThat(assign(running, "blind").status()).isEqualTo(429);
      var key = new String[] {"Idempotency-Key", "once"};
      for (int i = 0; i < 9; i++) {
        assertThat(
                running
                    .acme()
                    .post("/coupons/assign/GUESS", ASSIGN.formatted("retry"), key)
                    .status())
            .isEqualTo(202);
      }
    }
  }

  private static Answer assign(RunningEdge running, String user) {
    return running.acme().post("/coupons/assign/GUESS", ASSIGN.formatted(user));
  }

  private static void miss(RunningEdge running, Answer kept) {
    answer(running, kept, 404, "{\"status\":404,\"code\":\"code_not_found\"}");
  }

  private static void answer(RunningEdge running, Answer kept, int status, String body) {
    assertThat(kept.status()).as("%s", kept).isEqualTo(202);
    var message = running.surroundings.awaitMessage("coupon-commands");
    running.answer(message, status, body);
    assertThat(
            running
                .acme()
                .get("/requests/" + kept.at("/requestId"))
                .json()
                .at("/outcome/status")
                .asInt())
        .isEqualTo(status);
  }
}
