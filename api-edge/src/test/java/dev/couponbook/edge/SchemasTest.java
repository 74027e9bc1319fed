package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.edge.body.OrNull;
import dev.couponbook.edge.body.RawJson;
import dev.couponbook.edge.coupon.BookView;
import dev.couponbook.edge.coupon.UserCodes;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.request.RequestState;
import dev.couponbook.json.Json;
import io.micronaut.http.annotation.Body;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Bodies and answers have the members that are described, of the types that are described: the
 * records of the routes are compared with the schemas, and what those consist of with theirs.
 */
class SchemasTest {
  private static final Map<Class<?>, String> TYPES =
      Map.ofEntries(
          Map.entry(String.class, "string"),
          Map.entry(Email.class, "string"),
          Map.entry(CouponCode.class, "string"),
          Map.entry(LockToken.class, "string"),
          Map.entry(BookId.class, "string uuid"),
          Map.entry(Instant.class, "string date-time"),
          Map.entry(int.class, "integer int32"),
          Map.entry(Integer.class, "integer int32"),
          Map.entry(long.class, "integer int64"),
          Map.entry(Long.class, "integer int64"),
          Map.entry(BigInteger.class, "integer"),
          Map.entry(double.class, "number double"),
          Map.entry(boolean.class, "boolean"),
          Map.entry(Boolean.class, "boolean"),
          Map.entry(JsonNode.class, "object"),
          Map.entry(RawJson.class, "object"));

  /** Made by the workers; the edge passes them on unread, and the stories hold their members. */
  private static final Set<String> OUTCOMES =
      Set.of(
          "BookCreated",
          "ChangedBook",
          "CodesAdded",
          "AddedCode",
          "CodesLink",
          "Assigned",
          "Locked",
          "Redeemed",
          "Replaced",
          "Voided",
          "Success",
          "UploadCancelled",
          "UploadUndone",
          "UploadKept");

  private final Description description = new Description();
  private final Set<String> seen = new TreeSet<>();

  @Test
  void bodies_and_answers_have_the_members_that_are_described() {
    var routes = DescriptionTest.routes(RunningEdge.shared());
    for (var operation : description.operations()) {
      var route = routes.get(operation.toString());
      assertThat(route).as("%s", operation).isNotNull();
      if (route == null) {
        continue;
      }
      for (var argument : route.getTargetMethod().getArguments()) {
        if (argument.getAnnotationMetadata().hasAnnotation(Body.class)) {
          compare(argument.getType(), operation.body(), operation + " body");
        }
      }
      var answer = DescriptionTest.answer(route).getType();
      if (answer.isRecord()) {
        int status = operation.statuses().iterator().next();
        compare(answer, operation.answer(status), operation + " answer");
      }
    }
    compare(BookView.class, description.schema("Book"), "Book");
    compare(UserCodes.class, description.schema("UserCodes"), "UserCodes");
    compare(RequestState.class, description.schema("Request"), "Request");
    compare(Problem.class, description.schema("Problem"), "Problem");

    var described = description.schemas();
    described.removeAll(OUTCOMES);
    assertThat(described).as("schemas that no record has").isEqualTo(seen);
  }

  private void compare(Class<?> form, JsonNode schema, String at) {
    if (schema.has("$ref")) {
      seen.add(schema.path("$ref").asString().replaceFirst(".*/", ""));
    }
    var meant = description.follow(schema);
    seen.addAll(names(meant));
    var members =
        Arrays.stream(form.getRecordComponents())
            .collect(Collectors.toMap(SchemasTest::name, component -> component));
    assertThat(new TreeSet<>(meant.path("properties").propertyNames()))
        .as("members of %s", at)
        .isEqualTo(new TreeSet<>(members.keySet()));
    var required = new TreeSet<String>();
    meant.path("required").forEach(name -> required.add(name.asString()));
    assertThat(required)
        .as("required members of %s", at)
        .isEqualTo(
            members.entrySet().stream()
                .filter(member -> !isNullable(member.getValue().getAnnotatedType()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new)));
    members.forEach((name, component) ->
        compareType(
            component.getGenericType(), meant.path("properties").path(name), at + "." + name));
  }

  private Set<String> names(JsonNode schema) {
    return description.schemas().stream()
        .filter(name -> description.schema(name).equals(schema))
        .collect(Collectors.toSet());
  }

  private void compareType(Type type, JsonNode described, String at) {
    var schema = described.has("allOf") ? described.path("allOf").path(0) : described;
    var raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
    if (raw == OrNull.class) {
      compareType(argument(type, 0), described, at);
      return;
    }
    if (!(raw instanceof Class<?> form)) {
      throw new AssertionError(at + " is of a type that this test does not know: " + type);
    }
    if (schema.has("oneOf")) {
      // A name or a number, of which no type of Java tells more.
      assertThat(form).as(at).isIn(Object.class, JsonNode.class);
    } else if (TYPES.containsKey(form)) {
      if (schema.has("$ref")) {
        seen.add(schema.path("$ref").asString().replaceFirst(".*/", ""));
      }
      // Text may be described more closely, as an e-mail address or an id.
      assertThat(form == String.class || form == Email.class ? baseOf(schema) : typeOf(schema))
          .as(at)
          .isEqualTo(TYPES.get(form));
    } else if (form.isEnum()) {
      compare(form.getEnumConstants(), schema, at);
    } else if (List.class.isAssignableFrom(form)) {
      assertThat(typeOf(schema)).as(at).isEqualTo("array");
      compareType(argument(type, 0), schema.path("items"), at + "[]");
    } else if (Map.class.isAssignableFrom(form)) {
      assertThat(typeOf(schema)).as(at).isEqualTo("object");
      compareType(argument(type, 1), schema.path("additionalProperties"), at + "{}");
    } else {
      compare(form, schema, at);
    }
  }

  private void compare(Object[] constants, JsonNode schema, String at) {
    if (schema.has("$ref")) {
      seen.add(schema.path("$ref").asString().replaceFirst(".*/", ""));
    }
    assertThat(description.follow(schema).path("enum").valueStream().map(JsonNode::asString))
        .as(at)
        .containsExactlyElementsOf(
            Arrays.stream(constants)
                .map(constant -> Json.mapper().valueToTree(constant).asString())
                .toList());
  }

  private String typeOf(JsonNode schema) {
    var meant = description.follow(schema);
    return (meant.path("type").asString("") + " " + meant.path("format").asString("")).strip();
  }

  private String baseOf(JsonNode schema) {
    return description.follow(schema).path("type").asString("");
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  private static String name(RecordComponent component) {
    var named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null ? component.getName() : named.value();
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }
}
