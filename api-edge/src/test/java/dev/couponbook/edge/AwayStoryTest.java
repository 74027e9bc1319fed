package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.testing.DatabaseGate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Parts of the surroundings are away: the edge says so, soon, and lives on. */
@Tag("slow")
class AwayStoryTest {
  private static final String ASSIGN =
      "{\"bookId\":\"" + RunningEdge.BOOK + "\",\"email\":\"ann@example.com\"}";

  @Test
  void without_its_queue_a_command_is_503_within_two_seconds_and_reads_go_on() {
    try (var running = new RunningEdge()) {
      var acme = running.acme();
      assertThat(acme.post("/coupons/assign", ASSIGN).status()).isEqualTo(202);
      assertThat(acme.get("/health/readiness").status()).isEqualTo(200);
      running.surroundings.stopQueues();

      var began = Instant.now();
      var answer = acme.post("/coupons/assign", ASSIGN, "Prefer", "wait=5", "Idempotency-Key", "k");
      assertThat(answer.status()).as("%s", answer).isEqualTo(503);
      assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofMillis(2_500));
      assertThat(answer.header("Retry-After")).isEqualTo("2");
      assertThat(answer.at("/code")).isEqualTo("unavailable");

      var readiness = acme.get("/health/readiness");
      assertThat(readiness.status()).isEqualTo(503);
      assertThat(readiness.json().at("/missing").toString()).isEqualTo("[\"commands queue\"]");
      assertThat(acme.get("/health/liveness").status()).isEqualTo(200);
      assertThat(acme.get("/coupons").status()).isEqualTo(200);
    }
  }

  @Test
  void without_its_database_the_edge_starts_and_says_what_is_missing() {
    try (var running =
        new RunningEdge(Map.of("COUPON_DB_URL", "jdbc:postgresql://127.0.0.1:1/nowhere"))) {
      assertThat(running.nobody().get("/health/readiness").json().at("/missing").toString())
          .isEqualTo("[\"database\"]");
      var answer = running.acme().get("/coupons");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isNotNull();
    }
  }

  @Test
  void a_database_that_is_cut_off_or_says_nothing_is_503_in_time_and_comes_back_by_itself() {
    var there = RunningEdge.shared().surroundings.postgres.getPort();
    try (var gate = new DatabaseGate(there);
        var running =
            new RunningEdge(
                Map.of(
                    "COUPON_DB_URL",
                    "jdbc:postgresql://127.0.0.1:" + gate.port() + "/couponbook"))) {
      var acme = running.acme();
      for (var trouble : List.of(DatabaseGate.State.CUT, DatabaseGate.State.SILENT)) {
        assertThat(untilOk(acme).status()).isEqualTo(200);
        gate.set(trouble);
        var began = Instant.now();
        var answer = acme.get("/coupons");
        var took = Duration.between(began, Instant.now());
        assertThat(answer.status()).as("%s %s", trouble, answer).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("2");
        assertThat(took).as("%s", trouble).isLessThan(Duration.ofMillis(2_900));
        System.out.println("away: " + trouble + " 503 after " + took.toMillis() + " ms");
        gate.set(DatabaseGate.State.OPEN);
      }
      assertThat(untilOk(acme).status()).isEqualTo(200);
    }
  }

  private static Client.Answer untilOk(Client client) {
    var answer = client.get("/coupons");
    var deadline = Instant.now().plusSeconds(20);
    while (answer.status() != 200 && Instant.now().isBefore(deadline)) {
      answer = client.get("/coupons");
    }
    return answer;
  }
}
