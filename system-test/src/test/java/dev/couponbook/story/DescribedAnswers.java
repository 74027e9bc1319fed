package dev.couponbook.story;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Holds every answer of the edge, and every outcome that is polled, against the description of the
 * API: status, content type, headers, body, and the code of a refusal. {@link Answer} calls it, so
 * that no story can leave it out.
 */
final class DescribedAnswers {
  private static final String REQUESTS = "/requests/";
  private static final String NO_PATH = "validation.request.path.missing";
  private static final String NO_METHOD = "validation.request.operation.notAllowed";
  private static final String NO_BODY = "validation.response.body.missing";

  /** Routes for people, which the description leaves out. */
  private static final Pattern FOR_PEOPLE = Pattern.compile("/|/docs(/.*)?|/openapi\\.yaml");

  private static final Map<String, DescribedAnswers> BY_EDGE = new ConcurrentHashMap<>();

  private final OpenApiInteractionValidator validator;
  private final DescribedCalls description;

  /** The call behind each request, by the request's address. */
  private final Map<String, Call> calls = new ConcurrentHashMap<>();

  private final Map<Integer, Integer> answers = new TreeMap<>();
  private final Map<Integer, Integer> outcomes = new TreeMap<>();
  private final AtomicInteger breaks = new AtomicInteger();

  private record Call(Request.Method method, String path) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private DescribedAnswers(String description) {
    // Clients must expect new members; here, a member that is not described is a mistake.
    var strict = description.replace("additionalProperties: true # expect new ones", "");
    validator = OpenApiInteractionValidator.createForInlineApiSpecification(strict).build();
    this.description = new DescribedCalls(description);
  }

  /** From now on, this edge must answer everything as its description says. */
  static void expectOf(String edge) {
    BY_EDGE.computeIfAbsent(
        edge, address -> new DescribedAnswers(Home.fetch(address + "/openapi.yaml")));
  }

  /** The number of answers so far, by status. */
  static String summary() {
    return BY_EDGE.values().stream()
        .map(edge ->
            "described answers: %s of calls, %s as outcomes; %d not as described%n"
                .formatted(edge.answers, edge.outcomes, edge.breaks.get()))
        .reduce("", String::concat);
  }

  /**
   * @throws AssertionError if the answer is not as the edge's description says
   */
  static void check(HttpRequest request, Answer answer) {
    var uri = request.uri();
    var edge = BY_EDGE.get(uri.getScheme() + "://" + uri.getAuthority());
    var path = uri.getRawPath();
    if (edge != null && !FOR_PEOPLE.matcher(path).matches()) {
      edge.check(request.method(), path, answer);
    }
  }

  private void check(String method, String path, Answer answer) {
    count(answers, answer);
    boolean head = method.equals("HEAD");
    var call = new Call(Request.Method.valueOf(head ? "GET" : method), path);
    require(call, answer, head);
    var location = answer.header("Location");
    if (answer.status() == 202) {
      calls.put(location, call);
    }
    var asked = calls.get(path);
    if (path.startsWith(REQUESTS) && asked != null && answer.hasMember("outcome")) {
      var outcome = Answer.ofOutcome(answer.get("outcome"));
      count(outcomes, outcome);
      require(asked, outcome, false);
    }
  }

  private static synchronized void count(Map<Integer, Integer> counts, Answer answer) {
    counts.merge(answer.status(), 1, Integer::sum);
  }

  private void require(Call call, Answer answer, boolean head) {
    var report = validator.validateResponse(call.path, call.method, response(answer));
    var found =
        report.getMessages().stream()
            .filter(message -> message.getLevel() == ValidationReport.Level.ERROR)
            .filter(message -> !(head && message.getKey().equals(NO_BODY)))
            .filter(message -> !isRefusedRoute(call, message.getKey(), answer))
            .toList();
    var codes = description.codes(call.method.name(), call.path, answer.status());
    if (!codes.isEmpty() && !head && !isShown(answer.text("code"), codes)) {
      breaks.incrementAndGet();
      throw new AssertionError(
          "not described: the code of " + answer + " to " + call + ", which shows " + codes);
    }
    if (!found.isEmpty()) {
      breaks.incrementAndGet();
      throw new AssertionError(
          "not as described: " + call + " was answered " + answer + ": " + found);
    }
  }

  // A message that is not understood is refused before its route is known.
  private static boolean isShown(String code, Set<String> codes) {
    return codes.contains(code) || code.equals("bad_request");
  }

  // An unknown route cannot be described; it must be refused as such. The validator takes Coupons//
  // for coupons, where the edge has no route.
  private boolean isRefusedRoute(Call call, String key, Answer answer) {
    return switch (description.hasRoute(call.path) ? key : NO_PATH) {
      case NO_PATH -> Set.of(400, 404, 414).contains(answer.status());
      case NO_METHOD -> Set.of(401, 405).contains(answer.status());
      default -> false;
    };
  }

  private static SimpleResponse response(Answer answer) {
    var response = SimpleResponse.Builder.status(answer.status());
    if (!answer.text().isEmpty()) {
      response.withBody(answer.text());
    }
    answer
        .headers()
        .map()
        .forEach((name, values) -> values.forEach(value -> response.withHeader(name, value)));
    return response.build();
  }
}
