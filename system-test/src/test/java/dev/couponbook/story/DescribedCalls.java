package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Calls made from the description of the API: each operation, with a value in each place that takes
 * an id.
 */
final class DescribedCalls {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");
  // Places that hold no id, and a value that any call may have there.
  private static final Map<String, Object> USUAL =
      Map.of(
          "email",
          "ann@example.com",
          "limit",
          1,
          "bookName",
          "A book",
          "fileName",
          "a.csv",
          "contentLength",
          1,
          "generated",
          Partner.json("amount", 1),
          "reason",
          "as a test");

  // Without them a call would be refused whatever its ids are.
  private static final Set<String> SENT_THOUGH_OPTIONAL = Set.of("generated", "bookName");

  private final JsonNode description;

  DescribedCalls(String yaml) {
    description = YAMLMapper.builder().build().readTree(yaml);
  }

  /** A request, whatever the ids in it. */
  record Call(String method, String path, List<String> query, Map<String, Object> body) {
    @Override
    public String toString() {
      return method + " " + path + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }
  }

  /** An operation of the description. */
  final class Operation {
    private final String method;
    private final String path;
    private final JsonNode described;

    private Operation(String method, String path, JsonNode described) {
      this.method = method;
      this.path = path;
      this.described = described;
    }

    @Override
    public String toString() {
      return method + " " + path;
    }

    /** The places that take an id; a place that is neither known as one nor usual is an error. */
    Set<String> places(Set<String> ids) {
      var places = new LinkedHashSet<String>();
      parameters().forEach(p -> place(p, ids, places));
      members().propertyNames().stream().filter(ids::contains).forEach(places::add);
      return places;
    }

    private void place(JsonNode parameter, Set<String> ids, Set<String> places) {
      var name = parameter.path("name").asString();
      if (ids.contains(name)) {
        places.add(name);
      } else if (parameter.path("in").asString().equals("path")) {
        throw new AssertionError(this + " has a place that this story does not know: " + name);
      }
    }

    private List<JsonNode> parameters() {
      return described.path("parameters").valueStream().map(DescribedCalls.this::follow).toList();
    }

    boolean hasOptional() {
      return parameters().stream()
          .anyMatch(
              p -> p.path("in").asString().equals("query") && !p.path("required").asBoolean(false));
    }

    /** The call with these ids, and on request with optional parameters. */
    Call call(Map<String, String> ids, boolean withOptional) {
      var address = path;
      var query = new ArrayList<String>();
      for (var parameter : parameters()) {
        var name = parameter.path("name").asString();
        var value = Partner.encoded(ids.getOrDefault(name, String.valueOf(USUAL.get(name))));
        switch (parameter.path("in").asString()) {
          case "path" -> address = address.replace("{" + name + "}", value);
          case "query" -> {
            if (withOptional || parameter.path("required").asBoolean(false)) {
              query.add(name + "=" + value);
            }
          }
          // A header holds no id.
          default -> {}
        }
      }
      return new Call(method, address, query, body(ids));
    }

    private Map<String, Object> body(Map<String, String> ids) {
      var body = new LinkedHashMap<String, Object>();
      var required = schema().path("required");
      for (var name : members().propertyNames()) {
        if (ids.containsKey(name)) {
          body.put(name, ids.get(name));
        } else if (required.valueStream().anyMatch(r -> r.asString().equals(name))
            || SENT_THOUGH_OPTIONAL.contains(name)) {
          assertThat(USUAL).as("a value for a member of %s", this).containsKey(name);
          body.put(name, USUAL.get(name));
        }
      }
      return body;
    }

    private ObjectNode members() {
      return schema().path("properties") instanceof ObjectNode members
          ? members
          : Answer.JSON.createObjectNode();
    }

    private boolean isAt(String address) {
      return address.matches(path.replaceAll("\\{[^}]+}", "[^/]+"));
    }

    private Set<String> codes(int status) {
      var response = follow(described.path("responses").path(Integer.toString(status)));
      var examples = response.at("/content/application~1problem+json/examples");
      return new LinkedHashSet<>(examples.propertyNames());
    }

    private JsonNode schema() {
      return follow(described.at("/requestBody/content/application~1json/schema"));
    }
  }

  /** The node itself, or the one that it refers to. */
  private JsonNode follow(JsonNode node) {
    return node.has("$ref") ? description.at(node.path("$ref").asString().substring(1)) : node;
  }

  /**
   * The codes of refusals that are shown where this call is answered with that status; empty if the
   * call is no operation.
   */
  Set<String> codes(String method, String address, int status) {
    return operations().stream()
        .filter(operation -> operation.method.equals(method))
        .filter(operation -> operation.isAt(address))
        .min(Comparator.comparing(operation -> operation.path.split("\\{", -1).length))
        .map(operation -> operation.codes(status))
        .orElse(Set.of());
  }

  /** Whether an operation is at this very address, letter by letter. */
  boolean hasRoute(String address) {
    return operations().stream().anyMatch(operation -> operation.isAt(address));
  }

  List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    description
        .path("paths")
        .forEachEntry((path, item) ->
            item.forEachEntry((method, operation) -> {
              if (METHODS.contains(method)) {
                operations.add(new Operation(method.toUpperCase(Locale.ROOT), path, operation));
              }
            }));
    return operations;
  }
}
