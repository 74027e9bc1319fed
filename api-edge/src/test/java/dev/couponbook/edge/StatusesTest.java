package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.CommandMessage;
import dev.couponbook.edge.Description.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Each route answers with the statuses that are described, no more and no fewer, and heeds the
 * headers that are described: every call is made in all the ways that can go wrong.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class StatusesTest {
  private static final String KEY = "Idempotency-Key";

  /** What the workers answer to each command; the edge passes it on as it is. */
  private static final Map<String, Set<Integer>> OUTCOMES =
      Map.ofEntries(
          Map.entry("createBook", Set.of(201, 409, 500)),
          Map.entry("changeBook", Set.of(200, 400, 404, 409, 500)),
          Map.entry("pauseBook", Set.of(200, 404, 409, 500)),
          Map.entry("resumeBook", Set.of(200, 404, 409, 500)),
          Map.entry("closeBook", Set.of(200, 404, 409, 500)),
          Map.entry("addCodes", Set.of(200, 201, 400, 409, 500)),
          Map.entry("assignAny", Set.of(200, 400, 500)),
          Map.entry("assignCode", Set.of(200, 400, 404, 500)),
          Map.entry("lock", Set.of(200, 400, 404, 500)),
          Map.entry("unlock", Set.of(200, 404, 500)),
          Map.entry("redeem", Set.of(200, 400, 404, 409, 500)),
          Map.entry("reverse", Set.of(200, 404, 409, 500)),
          Map.entry("voidCode", Set.of(200, 404, 409, 500)),
          Map.entry("unassignCode", Set.of(200, 404, 409, 500)),
          Map.entry("replaceCode", Set.of(200, 400, 404, 409, 500)),
          Map.entry("cancel", Set.of(200, 404, 409, 500)),
          Map.entry("undo", Set.of(200, 404, 409, 500)));

  /** What takes rows or files that are not here; other tests and the stories have them. */
  private static final Map<String, Set<Integer>> HELD_ELSEWHERE =
      Map.ofEntries(
          Map.entry("codesOfUser", Set.of(200)),
          Map.entry("codeHistory", Set.of(200)),
          Map.entry("complete", Set.of(200, 409)),
          Map.entry("rejects", Set.of(303, 410)),
          Map.entry("summary", Set.of(303, 410)),
          Map.entry("assignAny", Set.of(409)),
          Map.entry("assignCode", Set.of(409)),
          Map.entry("lock", Set.of(409)),
          Map.entry("unlock", Set.of(409)),
          Map.entry("upload", Set.of(409)),
          Map.entry("requestState", Set.of(410, 422)),
          Map.entry("requestCodes", Set.of(303, 410)));

  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("createBook", "{\"bookName\":\"A\"}"),
          Map.entry("changeBook", "{\"bookName\":\"A\"}"),
          Map.entry("pauseBook", "{}"),
          Map.entry("resumeBook", "{}"),
          Map.entry("closeBook", "{}"),
          Map.entry("addCodes", "{\"bookId\":\"%s\",\"generated\":{\"amount\":1}}"),
          Map.entry("preview", "{\"bookId\":\"%s\",\"generated\":{\"amount\":1}}"),
          Map.entry("assignAny", "{\"bookId\":\"%s\",\"email\":\"a@example.com\"}"),
          Map.entry("assignCode", "{\"bookId\":\"%s\",\"email\":\"a@example.com\"}"),
          Map.entry("lock", "{\"email\":\"a@example.com\"}"),
          Map.entry("unlock", "{\"email\":\"a@example.com\"}"),
          Map.entry("redeem", "{\"email\":\"a@example.com\"}"),
          Map.entry("reverse", "{}"),
          Map.entry("voidCode", "{}"),
          Map.entry("unassignCode", "{\"email\":\"a@example.com\",\"reason\":\"x\"}"),
          Map.entry("replaceCode", "{\"email\":\"a@example.com\",\"reason\":\"x\"}"),
          Map.entry("upload", "{\"bookId\":\"%s\",\"fileName\":\"a.csv\",\"contentLength\":1}"));

  private final RunningEdge running = RunningEdge.shared();
  private final Client acme = running.acme();
  private final RunningEdge away =
      new RunningEdge(
          Map.of(
              "COUPON_JWT_JWKS_URL", "http://127.0.0.1:1/keys",
              "COUPON_DB_URL", "jdbc:postgresql://127.0.0.1:1/nowhere"));
  private final RunningEdge busy =
      new RunningEdge(Map.of("COUPON_PARTNER_RATE", "1", "COUPON_PARTNER_BURST", "1"));
  private String upload = "";
  private String request = "";

  @BeforeAll
  void begin() {
    upload = acme.post("/coupons/codes/uploads", body("upload")).at("/uploadId");
    request =
        acme.post("/coupons/assign", body("assignAny").replace("a@", "b@"), KEY, "statuses-reused")
            .at("/requestId");
  }

  @AfterAll
  void end() {
    messages();
    busy.close();
    away.close();
    // The clients that are made from now on shall find the queues of the shared edge again.
    running.surroundings.sdkSettings().forEach(System::setProperty);
  }

  @Test
  void every_described_status_is_answered_and_no_other() {
    for (var operation : new Description().operations()) {
      var given = new TreeSet<>(given(operation));
      given.addAll(OUTCOMES.getOrDefault(operation.id(), Set.of()));
      given.addAll(HELD_ELSEWHERE.getOrDefault(operation.id(), Set.of()));
      assertThat(given).as("%s", operation).isEqualTo(operation.statuses());
    }
  }

  @Test
  void a_route_heeds_the_headers_that_are_described() {
    for (var operation : new Description().operations()) {
      var heeded = new TreeSet<String>();
      if (send(acme, operation, KEY, "statuses-reused").status() == 422) {
        heeded.add(KEY);
      }
      if (send(acme, operation, "If-None-Match", "*").status() == 304) {
        heeded.add("If-None-Match");
      }
      if (waits(operation)) {
        heeded.add("Prefer");
      }
      assertThat(heeded)
          .as("headers of %s", operation)
          .isEqualTo(new TreeSet<>(operation.parameters("header").keySet()));
    }
  }

  /** Whether the outcome itself is answered to whoever prefers it. */
  private boolean waits(Operation operation) {
    // With the upload's id, so that the test can be repeated in one edge.
    var key = "statuses-" + operation.id() + "-" + upload;
    messages();
    send(acme, operation, KEY, key);
    for (var message : messages()) {
      running.answer(message, 200, "{}");
    }
    var again = send(acme, operation, KEY, key, "Prefer", "wait=1");
    return "wait".equals(again.header("Preference-Applied"));
  }

  private List<CommandMessage> messages() {
    return Stream.of("coupon-commands", "coupon-loads")
        .flatMap(queue -> running.surroundings.take(queue).stream())
        .toList();
  }

  private Set<Integer> given(Operation operation) {
    var answers = new ArrayList<Client.Answer>();
    answers.add(send(running.nobody(), operation));
    answers.add(send(acme, operation));
    answers.add(send(scopeless(), operation));
    answers.add(send(away.acme(), operation));
    answers.add(send(acme, operation, "Accept", "text/html"));
    answers.add(send(acme.alone(), operation, "X-Long", "a".repeat(17_000)));
    answers.add(send(acme, operation, "If-None-Match", "*"));
    answers.add(send(acme, operation, KEY, "statuses-reused"));
    answers.add(send(acme, operation, KEY, "\""));
    answers.add(acme.send("DELETE", path(operation), null));
    answers.add(
        call(
            acme.alone(),
            operation,
            path(operation) + separator(operation) + "x=" + "a".repeat(5_000)));
    answers.add(call(acme, operation, unknown(operation)));
    answers.add(call(acme, operation, path(operation) + separator(operation) + "unknown=1"));
    if (operation.id().equals("books")) {
      answers.add(acme.get("/coupons?cursor=" + RunningEdge.FOREIGN_BOOK));
    }
    for (var query : operation.parameters("query").keySet()) {
      answers.add(call(acme, operation, path(operation) + separator(operation) + query + "=%20"));
    }
    if (BODIES.containsKey(operation.id())) {
      answers.add(send(acme, operation, "Content-Type", "text/plain"));
      answers.add(acme.post(path(operation), "{"));
      answers.add(acme.post(path(operation), ""));
      answers.add(acme.alone().post(path(operation), "{\"x\":\"" + "a".repeat(300_000) + "\"}"));
      answers.add(
          acme.post(
              path(operation),
              body(operation).replace(RunningEdge.BOOK, RunningEdge.FOREIGN_BOOK)));
    }
    if (operation.needsToken()) {
      answers.add(untilLimited(operation));
    }
    var statuses = new TreeSet<Integer>();
    answers.forEach(answer -> statuses.add(answer.status()));
    return statuses;
  }

  // Two calls meet the limit of one per second, unless the machine stands still between them.
  private Client.Answer untilLimited(Operation operation) {
    var answer = send(busy.acme(), operation);
    for (int i = 0; i < 20 && answer.status() != 429; i++) {
      answer = send(busy.acme(), operation);
    }
    return answer;
  }

  private Client scopeless() {
    return new Client(
        running.edge.address(),
        running.surroundings.issuer.token("acme", claims -> claims.claim("scope", "none")));
  }

  private Client.Answer send(Client client, Operation operation, String... headers) {
    return call(client, operation, path(operation), headers);
  }

  private static Client.Answer call(
      Client client, Operation operation, String path, String... headers) {
    var body = BODIES.containsKey(operation.id()) ? body(operation) : null;
    return client.send(operation.method(), path, body, headers);
  }

  private static String body(Operation operation) {
    return body(operation.id());
  }

  private static String body(String operation) {
    return BODIES.getOrDefault(operation, "").formatted(RunningEdge.BOOK);
  }

  private static String separator(Operation operation) {
    return operation.id().equals("codesOfUser") ? "&" : "?";
  }

  /** The path with ids that exist. */
  private String path(Operation operation) {
    var path =
        operation
            .path()
            .replace("{bookId}", RunningEdge.BOOK)
            .replace("{code}", "NONE")
            .replace("{redemptionId}", RunningEdge.BOOK)
            .replace("{uploadId}", upload)
            .replace("{requestId}", request);
    return operation.id().equals("codesOfUser") ? path + "?email=a%40example.com" : path;
  }

  /** The path with ids that nobody was given. */
  private static String unknown(Operation operation) {
    return operation.path().replaceAll("\\{code}", "NONE").replaceAll("\\{\\w+}", "none");
  }
}
