package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.edge.Client.Answer;
import org.junit.jupiter.api.Test;

/** What the framework refuses, said in our words. */
class RefusalStoryTest {
  private final Client acme = RunningEdge.shared().acme();

  @Test
  void each_refusal_is_a_problem_that_names_nothing_of_the_inside() {
    assertProblem(acme.get("/nothing"), 404, "not_found");
    assertProblem(acme.get("/coupons/%zz".replace("%zz", "a%7Bb")), 404, "not_found");
    assertProblem(acme.send("DELETE", "/coupons", null), 405, "method_not_allowed");
    assertProblem(acme.get("/coupons", "Accept", "text/html"), 406, "not_acceptable");
    assertProblem(
        acme.post("/coupons", "{\"bookName\":\"" + "a".repeat(300_000) + "\"}"),
        413,
        "body_too_large");
    assertProblem(acme.get("/coupons/" + "a".repeat(5_000)), 414, "address_too_long");
    assertProblem(
        acme.post("/coupons", "a=b", "Content-Type", "application/x-www-form-urlencoded"),
        415,
        "unsupported_media_type");
    assertProblem(acme.get("/coupons", "X-Long", "a".repeat(20_000)), 431, "headers_too_large");
    assertProblem(acme.send("POST", "/coupons", null), 400, "missing");
    assertProblem(acme.post("/coupons", "{"), 400, "malformed_json");
  }

  @Test
  void a_wrong_method_is_told_the_right_ones() {
    assertThat(acme.send("DELETE", "/coupons", null).header("Allow"))
        .contains("GET", "HEAD", "POST");
    assertThat(acme.send("PUT", "/coupons/assign", "{}").header("Allow")).isEqualTo("POST");
  }

  @Test
  void a_path_that_is_written_out_is_no_book_of_that_name() {
    for (var path : new String[] {"/coupons/assign", "/coupons/codes"}) {
      for (var method : new String[] {"GET", "HEAD", "OPTIONS"}) {
        var answer = acme.send(method, path, null);
        assertThat(answer.status()).as("%s %s %s", method, path, answer).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("POST");
      }
    }
  }

  @Test
  void a_path_of_no_call_says_so() {
    var nowhere = acme.get("/nowhere");
    assertProblem(nowhere, 404, "not_found");
    assertThat(nowhere.at("/cause")).isEqualTo("no_such_call");
    assertThat(acme.get("/coupons/x").at("/cause")).isEqualTo("not_there");
  }

  private static void assertProblem(Answer answer, int status, String code) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.at("/code")).isEqualTo(code);
    assertThat(answer.json().at("/status").asInt()).isEqualTo(status);
    assertThat(answer.at("/error")).isNotBlank().isEqualTo(answer.at("/title"));
    assertThat(answer.response().body())
        .doesNotContain("micronaut", "java.", "Exception", "jackson", "netty");
  }
}
