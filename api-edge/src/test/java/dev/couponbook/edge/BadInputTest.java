package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import dev.couponbook.json.Json;
import dev.couponbook.testing.Effort;
import io.swagger.parser.OpenAPIParser;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests made from the description of the API, against the running edge: none ends in a 5xx, and
 * each answer is as the description says. First each place of each route has each of the values
 * that nobody should send; then, by a seed, two places at a time have such values or made-up ones,
 * and bodies are cut off or have a character changed.
 */
@Tag("slow")
class BadInputTest {
  private static final int REQUESTS = Effort.of(1_300, 10_000, 100_000);
  private static final long SEED = Long.getLong("coupon.seed", 20_261_123);
  // While one waits for the edge, the others judge their answers.
  private static final int SENDERS = 4;
  private static final String ABSENT = "";

  /** As JSON; in a path, a query or a header, the same as text. */
  private static final List<String> VALUES =
      List.of(
          ABSENT,
          "null",
          "7",
          "true",
          "\"\"",
          "\" \"",
          '"' + "a".repeat(3_000) + '"',
          "\"a\\u0000b\"",
          "\"\\ud800\"",
          "\"\uD83D\uDE00\"",
          "\"\u202e\u05d0\u05d1\"",
          "\"a\\u0007\\u001bb\"",
          "\"../../x?y=%zz#\"",
          "1e308",
          "-0",
          "-1",
          "1.5",
          "99999999999999999999",
          "[]",
          "[[{}]]",
          "{}");

  private final RunningEdge running = RunningEdge.shared();
  private final Client acme = running.acme();
  private final String description = running.nobody().get("/openapi.yaml").response().body();
  private final Description written = new Description();
  private final OpenAPI api = parse(description);
  private final OpenApiInteractionValidator validator =
      OpenApiInteractionValidator.createForInlineApiSpecification(description)
          .withLevelResolver(
              // A body that may be one of two has members that the other has not.
              LevelResolver.create()
                  .withLevel(
                      "validation.response.body.schema.additionalProperties",
                      ValidationReport.Level.IGNORE)
                  .build())
          .build();

  @AfterAll
  static void empty_the_queues() {
    RunningEdge.shared().surroundings.take("coupon-commands");
    RunningEdge.shared().surroundings.take("coupon-loads");
  }

  /**
   * One request.
   *
   * @param field the one member of the body that is wrong, if it is one
   */
  private record Call(
      String method,
      String template,
      String path,
      @Nullable String body,
      String[] headers,
      @Nullable String field) {
    /** With a body that breaks off, or has one character that does not belong there. */
    Call damaged(Random random) {
      if (body == null || body.isEmpty()) {
        return this;
      }
      int at = random.nextInt(body.length());
      var damaged =
          random.nextBoolean()
              ? body.substring(0, at)
              : body.substring(0, at) + (char) random.nextInt(1, 0x300) + body.substring(at + 1);
      return new Call(method, template, path, damaged, headers, null);
    }

    @Override
    public String toString() {
      return method + " " + path + " " + String.join(" ", headers) + " " + body;
    }
  }

  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private final List<String> breaks = new ArrayList<>();

  @Test
  void no_value_makes_a_5xx_or_an_answer_that_is_not_described() {
    long began = System.nanoTime();
    var makers = makers();
    int sent = 0;
    for (var maker : makers) {
      sent += play(maker.everyValueInEveryPlace());
    }
    var random = new Random(SEED);
    while (sent < REQUESTS && breaks.size() < 20) {
      sent += play(calls(makers, random, Math.min(1_000, REQUESTS - sent)));
    }
    System.out.printf(
        "bad input: seed %d, %d requests in %d s, statuses %s, %d breaks%n",
        SEED,
        sent,
        Duration.ofNanos(System.nanoTime() - began).toSeconds(),
        statuses,
        breaks.size());
    assertThat(breaks.stream().limit(20).map(BadInputTest::shortened)).isEmpty();
    assertThat(statuses.keySet()).allMatch(status -> status < 500);
  }

  private int play(List<Call> calls) {
    try (var senders = Executors.newFixedThreadPool(SENDERS)) {
      calls.forEach(call -> senders.execute(() -> play(call)));
    }
    return calls.size();
  }

  private void play(Call call) {
    try {
      judge(call, acme.send(call.method, call.path, call.body, call.headers));
    } catch (RuntimeException | Error e) {
      add(call + " -> " + e);
    }
  }

  private synchronized void count(int status) {
    statuses.merge(status, 1, Integer::sum);
  }

  private synchronized void add(String found) {
    breaks.add(found);
  }

  private void judge(Call call, Client.Answer answer) {
    count(answer.status());
    if (answer.status() >= 500) {
      add(call + " -> " + answer);
    }
    // The member itself, or one that does not go with it; for invalid JSON the place is a line
    // and a column.
    if (answer.status() == 400
        && call.field != null
        && answer.at("/field").isEmpty()
        && !answer.at("/error").contains(" at line ")) {
      add("not named " + call.field + ": " + call + " -> " + answer);
    }
    if (answer.status() >= 400 && !shownCodes(call, answer.status()).contains(answer.at("/code"))) {
      add("code not shown: " + call + " -> " + answer);
    }
    var report = report(call, answer);
    if (report.hasErrors()) {
      add("not described: " + call + " -> " + answer + " " + report.getMessages());
    }
  }

  private List<String> shownCodes(Call call, int status) {
    var codes =
        new ArrayList<>(written.operation(call.method, call.template).problems(status).keySet());
    Description.BEFORE_ANY_ROUTE.forEach(reason -> codes.add(reason.code()));
    return codes;
  }

  private static String shortened(String text) {
    return text.length() <= 900
        ? text
        : text.substring(0, 300) + " … " + text.substring(text.length() - 600);
  }

  private ValidationReport report(Call call, Client.Answer answer) {
    var response = SimpleResponse.Builder.status(answer.status());
    if (!answer.response().body().isEmpty()) {
      response.withBody(answer.response().body());
    }
    answer
        .response()
        .headers()
        .map()
        .forEach((name, values) -> values.forEach(value -> response.withHeader(name, value)));
    return validator.validateResponse(
        call.template.replaceAll("\\{[^}]+}", "x"),
        Request.Method.valueOf(call.method),
        response.build());
  }

  private List<Maker> makers() {
    var makers = new ArrayList<Maker>();
    api.getPaths()
        .forEach((template, item) ->
            item.readOperationsMap()
                .forEach(
                    (method, operation) -> makers.add(new Maker(template, method, operation))));
    return makers;
  }

  private static List<Call> calls(List<Maker> makers, Random random, int count) {
    var calls = new ArrayList<Call>();
    while (calls.size() < count) {
      var maker = makers.get(random.nextInt(makers.size()));
      if (!maker.places.isEmpty()) {
        var wrong = new HashMap<String, String>();
        for (int i = 0; i < 2; i++) {
          wrong.put(
              maker.places.get(random.nextInt(maker.places.size())),
              random.nextBoolean()
                  ? VALUES.get(random.nextInt(VALUES.size()))
                  : MadeUp.value(random));
        }
        var call = maker.make(wrong);
        calls.add(random.nextInt(8) == 0 ? call.damaged(random) : call);
      }
    }
    return calls;
  }

  /** Makes requests of one operation: right but for the places that are given. */
  private static final class Maker {
    private final String template;
    private final PathItem.HttpMethod method;
    private final Operation operation;
    private final @Nullable Schema<?> body;

    /**
     * {@code path:}, {@code query:}, {@code header:} and a name, or {@code body:} and a pointer.
     */
    private final List<String> places = new ArrayList<>();

    Maker(String template, PathItem.HttpMethod method, Operation operation) {
      this.template = template;
      this.method = method;
      this.operation = operation;
      var content = operation.getRequestBody();
      this.body =
          content == null
              ? null
              : Objects.requireNonNull(content.getContent().get("application/json")).getSchema();
      parameters().forEach(p -> places.add(p.getIn() + ":" + p.getName()));
      if (body != null) {
        addPlaces("body:", body);
      }
    }

    private List<Parameter> parameters() {
      return operation.getParameters() == null ? List.of() : operation.getParameters();
    }

    private void addPlaces(String at, Schema<?> schema) {
      if (schema.getItems() != null) {
        addPlaces(at + "/0", schema.getItems());
      } else if (schema.getProperties() != null) {
        schema
            .getProperties()
            .forEach((name, property) -> {
              places.add(at + "/" + name);
              addPlaces(at + "/" + name, property);
            });
      }
    }

    List<Call> everyValueInEveryPlace() {
      return places.stream()
          .flatMap(place -> VALUES.stream().map(value -> make(Map.of(place, value))))
          .toList();
    }

    Call make(Map<String, String> wrong) {
      var path = template;
      var query = new ArrayList<String>();
      var headers = new ArrayList<String>();
      for (var parameter : parameters()) {
        var value = wrong.get(parameter.getIn() + ":" + parameter.getName());
        switch (parameter.getIn()) {
          case "path" ->
              path =
                  path.replaceFirst(
                      "\\{" + parameter.getName() + "(:[^}]*)?}",
                      value == null ? RunningEdge.BOOK : segment(value));
          case "query" -> {
            if (value != null || Boolean.TRUE.equals(parameter.getRequired())) {
              query.add(
                  parameter.getName()
                      + "="
                      + (value == null ? "ann%40example.com" : encoded(value)));
            }
          }
          default -> {
            if (value != null && !value.equals(ABSENT)) {
              headers.add(parameter.getName());
              headers.add(text(value).replaceAll("[^\\x20-\\x7e]", "?"));
            }
          }
        }
      }
      var address = query.isEmpty() ? path : path + "?" + String.join("&", query);
      var field =
          wrong.size() == 1 && wrong.keySet().iterator().next().startsWith("body:")
              ? wrong.keySet().iterator().next().replaceFirst(".*/", "")
              : null;
      return new Call(
          method.name(),
          template,
          address,
          body == null ? null : body(body, wrong),
          headers.toArray(new String[0]),
          field);
    }

    private static String body(Schema<?> body, Map<String, String> wrong) {
      var root = (ObjectNode) Json.mapper().readTree(sample(body));
      var raw = new LinkedHashMap<String, String>();
      wrong.forEach((place, value) -> {
        if (place.startsWith("body:")) {
          var mark = "mark-" + raw.size();
          put(body, root, place.substring("body:/".length()).split("/"), value, mark);
          raw.put('"' + mark + '"', value);
        }
      });
      var text = root.toString();
      for (var mark : raw.entrySet()) {
        text = text.replace(mark.getKey(), mark.getValue());
      }
      return text;
    }

    private static void put(
        Schema<?> body, ObjectNode root, String[] names, String value, String mark) {
      var node = root;
      var schema = body;
      for (int i = 0; i < names.length - 1; i++) {
        schema = Objects.requireNonNull((Schema<?>) schema.getProperties().get(names[i]));
        boolean array = schema.getItems() != null;
        if (array) {
          schema = schema.getItems();
        }
        if (!(node.get(names[i]) instanceof ObjectNode)
            && !(node.get(names[i]) instanceof ArrayNode)) {
          var inner = Json.mapper().readTree(sample(schema));
          node.set(names[i], array ? Json.mapper().createArrayNode().add(inner) : inner);
        }
        node = (ObjectNode) (array ? node.get(names[i]).get(0) : node.get(names[i]));
        i += array ? 1 : 0;
      }
      var last = names[names.length - 1];
      if (value.equals(ABSENT)) {
        node.remove(last);
      } else {
        node.put(last, mark);
      }
    }

    private static String sample(Schema<?> schema) {
      if (schema.getProperties() == null) {
        return switch (String.valueOf(schema.getType()) + ":" + schema.getFormat()) {
          case "integer:int32", "integer:int64" -> "1";
          case "boolean:null" -> "false";
          case "string:uuid" -> '"' + RunningEdge.BOOK + '"';
          case "string:email" -> "\"ann@example.com\"";
          case "string:date-time" -> "\"2099-01-01T00:00:00Z\"";
          default ->
              schema.getType() != null && schema.getType().equals("string") ? "\"Abc\"" : "{}";
        };
      }
      var required = schema.getRequired() == null ? List.<String>of() : schema.getRequired();
      var members = new ArrayList<String>();
      schema
          .getProperties()
          .forEach((name, property) -> {
            if (required.contains(name)) {
              members.add('"' + name + "\":" + sample(property));
            }
          });
      return "{" + String.join(",", members) + "}";
    }

    private static String text(String json) {
      return json.equals(ABSENT) ? "" : Json.mapper().readTree(json).asString(json);
    }

    // Without it, the path would be another route's.
    private static String segment(String json) {
      var encoded = encoded(json);
      return switch (encoded) {
        case "" -> "%20";
        case ".", ".." -> encoded + "%20";
        default -> encoded;
      };
    }

    private static String encoded(String json) {
      return URLEncoder.encode(text(json), StandardCharsets.UTF_8).replace("+", "%20");
    }
  }

  /** Values that nobody thought of, as JSON. */
  private static final class MadeUp {
    private static final List<String> TIMES =
        List.of("0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999", "2099-02-30T24:00:00");
    private static final List<String> ZONES = List.of("Z", "-18:00", "+18:01", "", "[UTC]", "z");
    private static final String ODD =
        "%/\\\".;?#&=+~$'<>{}[]|^`\u00df\u0130\u212a\u2028\ufeff\ud800\udfff";

    static String value(Random random) {
      return switch (random.nextInt(8)) {
        case 0 -> Long.toString(random.nextLong());
        case 1 -> random.nextInt(1_000) + "." + random.nextInt(1_000) + "e" + random.nextInt(400);
        case 2 -> quoted(pick(TIMES, random) + pick(ZONES, random));
        case 3 -> "[" + value(random) + "," + value(random) + "]";
        case 4 -> "{" + quoted(text(random)) + ":" + value(random) + "}";
        default -> quoted(text(random));
      };
    }

    private static String pick(List<String> from, Random random) {
      return from.get(random.nextInt(from.size()));
    }

    private static String text(Random random) {
      var text = new StringBuilder();
      int length = random.nextInt(random.nextInt(20) == 0 ? 400 : 12);
      for (int i = 0; i < length; i++) {
        switch (random.nextInt(4)) {
          case 0 -> text.append(ODD.charAt(random.nextInt(ODD.length())));
          case 1 -> text.append((char) random.nextInt(0x10000));
          case 2 -> text.append((char) random.nextInt(0x20));
          default -> text.append((char) random.nextInt(0x20, 0x7f));
        }
      }
      return text.toString();
    }

    // Each character by its number, so that the request itself is plain ASCII.
    private static String quoted(String text) {
      var json = new StringBuilder("\"");
      text.chars().forEach(unit -> json.append("\\u%04x".formatted(unit)));
      return json.append('"').toString();
    }
  }

  private static OpenAPI parse(String description) {
    var options = new ParseOptions();
    options.setResolve(true);
    options.setResolveFully(true);
    return new OpenAPIParser().readContents(description, null, options).getOpenAPI();
  }
}
