package dev.couponbook.edge;

import dev.couponbook.coupon.Refusal;
import dev.couponbook.edge.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The description of the API as it is written, with its references followed. */
final class Description {
  /** Reasons that come before any route is known, so that no route shows them. */
  static final Set<ProblemCode> BEFORE_ANY_ROUTE =
      Set.of(
          ProblemCode.BAD_REQUEST,
          ProblemCode.REFUSED,
          ProblemCode.REQUEST_TIMEOUT,
          ProblemCode.NOT_IMPLEMENTED,
          ProblemCode.HTTP_VERSION_NOT_SUPPORTED);

  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  private final JsonNode root;

  Description() {
    root = YAMLMapper.builder().build().readTree(text());
  }

  /** The file itself. */
  static String text() {
    try (var file =
        Objects.requireNonNull(Description.class.getResourceAsStream("/openapi.yaml"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every code that an answer of the edge can have, its own and those of the workers. */
  static Set<String> codesOfTheProgram() {
    return Stream.concat(
            Arrays.stream(ProblemCode.values()).map(ProblemCode::code),
            Arrays.stream(Refusal.values()).map(Refusal::code))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The causes of each code, as the program has them. */
  static Map<String, Set<String>> causesByCode() {
    var causes = new TreeMap<String, Set<String>>();
    for (var code : ProblemCode.values()) {
      code.causes()
          .forEach(
              cause -> causes.computeIfAbsent(code.code(), _ -> new TreeSet<>()).add(cause.word()));
    }
    for (var refusal : Refusal.values()) {
      refusal
          .causes()
          .forEach(cause ->
              causes.computeIfAbsent(refusal.code(), _ -> new TreeSet<>()).add(cause.word()));
    }
    return causes;
  }

  static Set<String> causesOfTheProgram() {
    return causesByCode().values().stream()
        .flatMap(Set::stream)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** An operation of the description. */
  final class Operation {
    private final String method;
    private final String path;
    private final JsonNode node;

    private Operation(String method, String path, JsonNode node) {
      this.method = method;
      this.path = path;
      this.node = node;
    }

    String id() {
      return node.path("operationId").asString();
    }

    String method() {
      return method;
    }

    String path() {
      return path;
    }

    String text() {
      return node.path("description").asString();
    }

    boolean needsToken() {
      return !node.has("security");
    }

    /** Whether each parameter of that place is required, by name. */
    Map<String, Boolean> parameters(String place) {
      var parameters = new TreeMap<String, Boolean>();
      for (var named : node.path("parameters")) {
        var parameter = follow(named);
        if (parameter.path("in").asString().equals(place)) {
          parameters.put(
              parameter.path("name").asString(), parameter.path("required").asBoolean(false));
        }
      }
      return parameters;
    }

    /** Whether the body must be sent; null if none is read. */
    @Nullable Boolean bodyRequired() {
      return node.has("requestBody")
          ? node.path("requestBody").path("required").asBoolean(false)
          : null;
    }

    JsonNode body() {
      return node.at("/requestBody/content/application~1json/schema");
    }

    /** What is answered with that status, if it is JSON and no problem. */
    JsonNode answer(int status) {
      return response(status).at("/content/application~1json/schema");
    }

    Set<Integer> statuses() {
      return node.path("responses").propertyNames().stream()
          .map(Integer::valueOf)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    boolean hasProblem(int status) {
      return response(status).path("content").has("application/problem+json");
    }

    /** The refusals that are shown with that status, by code. */
    Map<String, JsonNode> problems(int status) {
      var problems = new TreeMap<String, JsonNode>();
      response(status)
          .at("/content/application~1problem+json/examples")
          .forEachEntry((code, example) -> problems.put(code, follow(example).path("value")));
      return problems;
    }

    private JsonNode response(int status) {
      return follow(node.path("responses").path(Integer.toString(status)));
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    root.path("paths")
        .forEachEntry((path, item) ->
            item.forEachEntry((method, operation) -> {
              if (METHODS.contains(method)) {
                operations.add(new Operation(method.toUpperCase(Locale.ROOT), path, operation));
              }
            }));
    return operations;
  }

  Operation operation(String method, String path) {
    return operations().stream()
        .filter(operation -> operation.method.equals(method) && operation.path.equals(path))
        .findFirst()
        .orElseThrow();
  }

  Set<String> schemas() {
    return new TreeSet<>(root.at("/components/schemas").propertyNames());
  }

  JsonNode schema(String name) {
    return root.at("/components/schemas/" + name);
  }

  /** A parameter that several routes share. */
  JsonNode parameter(String name) {
    return root.at("/components/parameters/" + name);
  }

  Set<String> codes() {
    return listed("code");
  }

  Set<String> causes() {
    return listed("cause");
  }

  private Set<String> listed(String member) {
    return schema("Problem")
        .at("/properties/" + member + "/x-extensible-enum")
        .valueStream()
        .map(JsonNode::asString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What is meant: the thing itself, or what it refers to. */
  JsonNode follow(JsonNode node) {
    var meant = node;
    while (meant.has("$ref")) {
      meant = root.at(meant.path("$ref").asString().substring(1));
    }
    return meant;
  }
}
