package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.edge.Description.Operation;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A query is read as strictly as a body, on every route. */
class ParametersStoryTest {
  private final Client acme = RunningEdge.shared().acme();
  private final List<Operation> operations = new Description().operations();

  @Test
  void a_parameter_that_the_route_does_not_take_is_refused_and_named() {
    for (var operation : operations) {
      var answer = acme.send(operation.method(), path(operation) + "?unknown=1", null);
      assertUnknown(operation, answer, "unknown");
      var taken = String.join(", ", operation.parameters("query").keySet());
      assertThat(answer.at("/error"))
          .as("%s tells what it takes", operation)
          .endsWith("which takes " + (taken.isEmpty() ? "none" : taken));
    }
  }

  @Test
  void a_parameter_in_another_case_is_another_parameter() {
    for (var operation : operations) {
      for (var name : operation.parameters("query").keySet()) {
        var upper = name.toUpperCase(Locale.ROOT);
        var answer = acme.send(operation.method(), path(operation) + "?" + upper + "=1", null);
        assertUnknown(operation, answer, upper);
      }
    }
  }

  @Test
  void of_a_parameter_that_comes_twice_no_value_is_taken() {
    for (var operation : operations) {
      for (var name : operation.parameters("query").keySet()) {
        var twice = path(operation) + "?" + name + "=1&" + name + "=2";
        var answer = acme.send(operation.method(), twice, null);
        assertThat(answer.status()).as("%s %s", operation, answer).isEqualTo(400);
        assertThat(answer.at("/code")).isEqualTo("invalid_value");
        assertThat(answer.at("/field")).isEqualTo(name);
        assertThat(answer.at("/error")).isEqualTo(name + " must be given once");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/docs", "/docs/docs.js", "/openapi.yaml"})
  void pages_take_no_parameter_either(String page) {
    var answer = RunningEdge.shared().nobody().get(page + "?v=2");
    assertThat(answer.status()).as("%s", answer).isEqualTo(400);
    assertThat(answer.at("/field")).isEqualTo("v");
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "?&", "?limit=2&"})
  void a_query_without_a_name_more_says_nothing(String query) {
    assertThat(acme.get("/coupons" + query).status()).isEqualTo(200);
  }

  private static void assertUnknown(Operation operation, Client.Answer answer, String name) {
    assertThat(answer.status()).as("%s %s", operation, answer).isEqualTo(400);
    assertThat(answer.at("/code")).as("%s", operation).isEqualTo("unknown_parameter");
    assertThat(answer.at("/field")).as("%s", operation).isEqualTo(name);
  }

  private static String path(Operation operation) {
    return operation.path().replaceAll("\\{\\w+}", RunningEdge.BOOK);
  }
}
