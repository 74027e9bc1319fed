package dev.couponbook.cli.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.testing.Answers;
import dev.couponbook.cli.testing.Answers.Asked;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EdgeClientTest {
  private final Answers edge = new Answers();
  private final EdgeClient client = new EdgeClient(edge.url(), "a-token");

  @AfterEach
  void close() {
    client.close();
    edge.close();
  }

  private static void assertFails(ThrowingCallable call, int exitCode, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CommandFailure.class, failure -> assertThat(failure.exitCode()).isEqualTo(exitCode))
        .hasMessageContaining(sentence);
  }

  @Test
  void a_command_waits_for_its_outcome() {
    edge.to("POST /coupons/assign", 202, "{\"requestId\":\"r\"}")
        .to("GET /requests/r", 200, "{\"status\":\"queued\"}")
        .to("GET /requests/r", 200, "{\"status\":\"running\"}")
        .to(
            "GET /requests/r",
            200,
            "{\"status\":\"failed\",\"outcome\":{\"status\":400,\"body\":{\"error\":\"No.\"}}}");
    var reply = client.command("/coupons/assign", Map.of("bookId", "b"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).isEqualTo("No.");
    var first = edge.asked().getFirst();
    assertThat(first.body()).isEqualTo("{\"bookId\":\"b\"}");
    assertThat(first.header("Authorization")).isEqualTo("Bearer a-token");
    assertThat(first.header("Prefer")).isEqualTo("wait=20");
  }

  @Test
  void an_edge_that_is_busy_is_asked_again_with_the_same_key() {
    edge.to("POST /coupons", 503, "{}").to("POST /coupons", 201, "{\"bookId\":\"b\"}");
    assertThat(client.command("/coupons", Map.of()).text("bookId")).isEqualTo("b");
    assertThat(edge.asked()).hasSize(2);
    assertThat(edge.asked())
        .extracting(asked -> asked.header("Idempotency-Key"))
        .doesNotContainNull();
    assertThat(edge.asked())
        .extracting(asked -> asked.header("Idempotency-Key"))
        .containsOnly(edge.asked().getFirst().header("Idempotency-Key"));
  }

  @Test
  void a_request_that_does_not_end_in_time_is_a_timeout() {
    edge.to("GET /requests/r", 200, "{\"status\":\"running\"}");
    assertFails(
        () -> client.outcome("r", Duration.ZERO),
        ExitCode.WAIT_TIMED_OUT,
        "Request r is still running after 0 s.");
  }

  @Test
  void the_token_stays_with_the_edge_when_it_redirects_to_the_bucket() {
    edge.to("GET /codes", 303, "", Map.of("Location", "/bucket/codes?signed"))
        .to("GET /bucket/codes?signed", 200, "code\n");
    assertThat(client.download("/codes")).isEqualTo("code\n");
    assertThat(edge.asked())
        .extracting(Asked::request, asked -> asked.header("Authorization"))
        .containsExactly(
            tuple("GET /codes", "Bearer a-token"), tuple("GET /bucket/codes?signed", null));
    assertFails(() -> client.download("/none"), ExitCode.FAILED, "was answered 404");
  }

  @Test
  void a_refusal_and_a_failure_have_exit_codes_of_their_own() {
    edge.to("POST /refused", 422, "{\"error\":\"Not so.\"}").to("POST /broken", 500, "{}");
    assertFails(() -> client.submit("/refused", Map.of()), ExitCode.REFUSED, "422: Not so.");
    assertFails(() -> client.submit("/broken", Map.of()), ExitCode.FAILED, "500: {}");
  }

  @Test
  void an_answer_that_is_no_json_is_not_passed_off_as_one() {
    edge.to("GET /health", 200, "<html>");
    assertFails(() -> client.get("/health"), ExitCode.FAILED, "answered 200 without JSON");
  }

  @Test
  void an_edge_that_is_away_is_unreachable() {
    edge.close();
    assertFails(() -> client.get("/health"), ExitCode.UNREACHABLE, "./coupons status");
  }
}
