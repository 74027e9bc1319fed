package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.edge.Description.Operation;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Accept says decides on every route by the rules of RFC 9110, 12.5.1. */
class AcceptStoryTest {
  private static final RunningEdge RUNNING = RunningEdge.shared();
  private final Client acme = RUNNING.acme();

  @AfterAll
  static void empty_the_queues() {
    RUNNING.surroundings.take("coupon-commands");
    RUNNING.surroundings.take("coupon-loads");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "application/*",
        "APPLICATION/JSON",
        "application/json;charset=utf-8",
        "application/json;profile=\"a,b;q=0\"",
        "text/html, application/json;q=0.001",
        "text/*, */*;q=0.1",
        "application/*;q=0, application/json",
        "application/json;q=0, application/json;q=1",
        // What Java's HttpURLConnection sends by itself.
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
      })
  void every_route_answers_whoever_takes_json(String accept) {
    for (var operation : new Description().operations()) {
      var answer = send(operation, accept);
      assertThat(answer.status()).as("%s %s %s", accept, operation, answer).isNotEqualTo(406);
      assertThat(answer.header("Content-Type"))
          .as("%s %s", accept, operation)
          .isIn("application/json", "application/problem+json");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "text/*",
        "application/xml",
        "application/problem+json",
        "application/json;q=0",
        "application/json; Q=0.000",
        "*/*, application/json;q=0",
        "*/*;q=0.5, application/*;q=0",
        "json",
        "*",
        "application/jsonx"
      })
  void a_route_that_answers_json_refuses_whoever_takes_none(String accept) {
    empty_the_queues();
    for (var operation : new Description().operations()) {
      var answer = send(operation, accept);
      if (operation.statuses().contains(406)) {
        assertThat(answer.status()).as("%s %s %s", accept, operation, answer).isEqualTo(406);
        assertThat(answer.at("/code")).isEqualTo("not_acceptable");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
      } else {
        assertThat(answer.status()).as("%s %s", accept, operation).isIn(200, 404);
      }
    }
    assertThat(RUNNING.surroundings.take("coupon-commands")).as("commands done").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/health/liveness,application/json",
    "/health/readiness,application/json",
    "/docs,text/html; charset=utf-8",
    "/openapi.yaml,application/yaml"
  })
  void health_and_pages_are_answered_whatever_is_asked_for(String path, String type) {
    for (var accept : List.of("text/css", "image/*", "application/json;q=0", "nonsense")) {
      var answer = RUNNING.nobody().get(path, "Accept", accept);
      assertThat(answer.status()).as("%s %s", accept, answer).isEqualTo(200);
      assertThat(answer.header("Content-Type")).isEqualTo(type);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/csv", "application/problem+json", "*/*", "text/html"})
  void a_file_is_led_to_whatever_is_asked_for(String accept) {
    var request =
        acme.post(
                "/coupons/codes",
                "{\"bookId\":\"" + RunningEdge.BOOK + "\",\"generated\":{\"amount\":5000}}")
            .at("/requestId");
    RUNNING.surroundings.sql(
        """
        INSERT INTO code_load (public_id, partner_id, book_id, kind, state, rows_expected, started_at, codes_key)
        VALUES ('%s', 1, 1, 'generate', 'completed', 5000, coupon_clock(), 'codes/1/x.csv')
        """
            .formatted(request.substring(0, 36)));
    var codes = acme.get("/requests/" + request + "/codes", "Accept", accept);
    assertThat(codes.status()).as("%s", codes).isEqualTo(303);
    assertThat(codes.header("Location")).contains("/codes/1/x.csv?");
  }

  @Test
  void several_headers_are_read_as_one() {
    var path = "/coupons/" + RunningEdge.BOOK;
    assertThat(acme.get(path, "Accept", "text/html", "Accept", "*/*;q=0.1").status())
        .isEqualTo(200);
    assertThat(acme.get(path, "Accept", "*/*", "Accept", "application/json;q=0").status())
        .isEqualTo(406);
  }

  // Without a body: what is acceptable is decided before the body is read.
  private Client.Answer send(Operation operation, String accept) {
    var path = operation.path().replaceAll("\\{\\w+}", RunningEdge.BOOK);
    return acme.send(operation.method(), path, null, "Accept", accept);
  }
}
