package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The refusals in the description of the API are answers that are really given. */
class ExamplesTest {
  // Members that a refusal has beside those of every problem: what they say differs each time.
  private static final Set<String> DETAILS =
      Set.of("codes", "keySpace", "taken", "asked", "version", "startsAt", "expiresAt");
  // Stories that make the edge refuse in this way hold these sentences.
  private static final Set<String> HELD_ELSEWHERE =
      Set.of(
          "rate_limited 429",
          "too_many_misses 429",
          "unavailable 503",
          "request_expired 410",
          "codes_undone 410",
          "parts_missing 409",
          "parts_refused 409",
          "file_gone 410");
  private static final String BOOK = "/coupons/" + RunningEdge.BOOK;

  private final RunningEdge running = RunningEdge.shared();
  private final Client acme = running.acme();

  @Test
  void every_refusal_of_a_command_is_shown_as_the_worker_answers_it() {
    var shown = examples();
    var ofCommands = new TreeSet<String>();
    for (var refusal : Refusal.values()) {
      var example = shown.get(refusal.code() + " " + refusal.status());
      if (example == null) {
        ofCommands.add(refusal.code());
        continue;
      }
      var sentence = example.path("error").asString();
      var answer =
          Json.mapper()
              .valueToTree(
                  new Refused(refusal, sentence, refusal.causes().getFirst(), Map.of()).body());
      assertThat(sentence.replaceAll("\\d+ ", "")).isEqualTo(refusal.sentence());
      var common = example.deepCopy();
      ((ObjectNode) common).remove(DETAILS);
      assertThat(common).isEqualTo(answer);
    }
    assertThat(ofCommands).as("refusals that are not shown").isEmpty();
  }

  @Test
  void every_refusal_of_the_edge_is_shown_as_the_edge_answers_it() {
    var shown = examples();
    Arrays.stream(Refusal.values())
        .filter(refusal -> refusal != Refusal.UPLOAD_NOT_FOUND)
        .forEach(refusal -> shown.remove(refusal.code() + " " + refusal.status()));
    shown.keySet().removeAll(HELD_ELSEWHERE);
    var given = new TreeMap<String, JsonNode>();
    for (var answer : refusals()) {
      given.put(answer.at("/code") + " " + answer.status(), answer.json());
    }
    assertThat(given).isEqualTo(shown);
  }

  private List<Client.Answer> refusals() {
    var assign = "{\"bookId\": \"" + RunningEdge.BOOK + "\", \"email\": \"ann@example.com\"}";
    var upload =
        "{\"bookId\": \""
            + RunningEdge.FOREIGN_BOOK
            + "\", \"fileName\": \"a.csv\", \"contentLength\": 1}";
    var key = new String[] {"Idempotency-Key", "\"example-1\""};
    acme.post("/coupons/assign", assign, key);
    running.surroundings.awaitMessage("coupon-commands");
    var reader =
        new Client(
            running.edge.address(),
            running.surroundings.issuer.token(
                "acme", claims -> claims.claim("scope", "coupons:read")));
    return List.of(
        running.nobody().get(BOOK),
        reader.post("/coupons/assign", assign),
        acme.get("/coupon/" + RunningEdge.BOOK),
        acme.get("/coupons?limit=0"),
        acme.get("/coupons?Limit=2"),
        acme.post("/coupons/assign", "{"),
        acme.post("/coupons/assign", assign.replace("{", "{\"partnerId\": 1, ")),
        acme.post("/coupons/assign", assign, "Idempotency-Key", "\"\""),
        acme.post(
            "/coupons/codes/uploads",
            upload
                .replace(RunningEdge.FOREIGN_BOOK, RunningEdge.BOOK)
                .replace(": 1}", ": 68719476737}")),
        acme.get("/coupons/none"),
        acme.get("/coupons/codes/uploads/none"),
        acme.post("/coupons/codes/uploads", upload),
        acme.send("DELETE", BOOK, null),
        acme.get(BOOK, "Accept", "text/html"),
        acme.get("/coupons?cursor=" + "a".repeat(5_000)),
        acme.get(BOOK, "X-Long", "a".repeat(17_000)),
        acme.post("/coupons", "{\"bookName\": \"" + "a".repeat(300_000) + "\"}"),
        acme.post("/coupons/assign", assign, "Content-Type", "text/plain"),
        acme.post("/coupons/assign", assign.replace("ann", "bob"), key));
  }

  /** By code and status; the same ones show the same refusal everywhere. */
  static TreeMap<String, JsonNode> examples() {
    var examples = new TreeMap<String, JsonNode>();
    for (var operation : new Description().operations()) {
      for (int status : operation.statuses()) {
        if (!operation.hasProblem(status)) {
          continue;
        }
        assertThat(operation.problems(status)).as("%s %s", operation, status).isNotEmpty();
        operation
            .problems(status)
            .forEach((code, value) -> {
              assertThat(value.path("code").asString()).isEqualTo(code);
              assertThat(value.path("status").asInt()).as(code).isEqualTo(status);
              var other = examples.put(code + " " + status, value);
              assertThat(other == null || other.equals(value)).as(code).isTrue();
            });
      }
    }
    return examples;
  }
}
