package dev.couponbook.edge.body;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.json.Json;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads bodies, and refuses whatever could be understood in two ways: members that come twice, text
 * after the end, numbers as text, fractions for whole numbers, unknown members, characters that the
 * queue or the database would refuse later. Each refusal says where.
 *
 * <p>A member is required unless its record component is {@link Nullable}; null is the same as
 * absent, unless it is an {@link OrNull}.
 */
public final class StrictJson {
  private static final JsonMapper JSON =
      Json.mapper()
          .rebuild()
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .withCoercionConfigDefaults(
              any -> any.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
          .addModule(
              new SimpleModule()
                  .addDeserializer(BookId.class, new BookIds())
                  .addDeserializer(OrNull.class, new OrNullReader()))
          .build();

  private StrictJson() {}

  /**
   * @throws ProblemException 400 with the place, if the bytes are not JSON of this form
   */
  public static <T> T read(byte[] bytes, Class<T> form) {
    var text = decode(bytes);
    checkEachToken(text);
    try {
      var value = JSON.readValue(text, form);
      if (value == null) {
        throw malformed("Body must be a JSON object", "");
      }
      requireMembers(value, "");
      return value;
    } catch (JacksonException e) {
      throw refusal(e);
    }
  }

  private static String decode(byte[] bytes) {
    var buffer = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
    } catch (CharacterCodingException e) {
      throw malformed("Body is not UTF-8", " at byte " + buffer.position());
    }
  }

  // Before anything is bound: the binder would skip what it does not need, and would take the
  // first of two members.
  private static void checkEachToken(String text) {
    try (var parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("Body must be a JSON object", "");
      }
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME) {
          checkCharacters(parser);
        }
        if (token == JsonToken.END_OBJECT && parser.streamReadContext().inRoot()) {
          checkNothingFollows(parser);
          return;
        }
      }
    } catch (JacksonException e) {
      throw malformed(syntaxRefusal(e), place(e.getLocation()));
    }
  }

  private static String syntaxRefusal(JacksonException e) {
    if (e instanceof StreamConstraintsException) {
      return "Body is nested too deep, or a number in it is too long";
    }
    return String.valueOf(e.getOriginalMessage()).startsWith("Duplicate")
        ? "Body has a member twice"
        : "Body is not valid JSON";
  }

  private static void checkNothingFollows(JsonParser parser) {
    if (parser.nextToken() != null) {
      throw malformed("Body has text after its end", place(parser.currentTokenLocation()));
    }
  }

  private static void checkCharacters(JsonParser parser) {
    var value = parser.getString();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == 0) {
        throw malformed("Body has a NUL character", place(parser.currentTokenLocation()));
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw malformed("Body has half a character", place(parser.currentTokenLocation()));
      }
    }
  }

  private static void requireMembers(Record value, String path) {
    for (var component : value.getClass().getRecordComponents()) {
      var member = member(value, component);
      var name = path + component.getName();
      if (member == null && !isNullable(component.getAnnotatedType())) {
        throw new ProblemException(
            Problem.of(ProblemCode.MISSING, name + " is required").at(name), Map.of());
      }
      requireMembersOf(member, name);
    }
  }

  private static void requireMembers(Object value, String path) {
    if (value instanceof Record form && isForm(form)) {
      requireMembers(form, path);
    }
  }

  private static void requireMembersOf(@Nullable Object member, String name) {
    if (member instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        var element = list.get(i);
        if (element == null) {
          throw ProblemException.invalid(
              name + "[" + i + "]", name + "[" + i + "] must not be null");
        }
        requireMembers(element, name + "[" + i + "].");
      }
    } else if (member != null) {
      requireMembers(member, name + ".");
    }
  }

  // Values of core are records too, but were checked when they were made.
  private static boolean isForm(Record value) {
    return value.getClass().getPackageName().startsWith("dev.couponbook.edge");
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }

  private static @Nullable Object member(Record value, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(value);
    } catch (ReflectiveOperationException impossible) {
      throw new AssertionError("a record's accessor cannot be called", impossible);
    }
  }

  private static ProblemException refusal(JacksonException e) {
    var field = path(e);
    if (e.getCause() instanceof InvalidValueException invalid) {
      return ProblemException.invalid(field, sentence(field, invalid));
    }
    return switch (e) {
      case UnrecognizedPropertyException _ ->
          new ProblemException(
              Problem.of(ProblemCode.UNKNOWN_MEMBER, field + " is not a member of this body")
                  .at(field),
              Map.of());
      case InputCoercionException _ -> ProblemException.invalid(field, field + " is out of range");
      case MismatchedInputException mismatched ->
          ProblemException.invalid(field, field + " must be " + form(mismatched.getTargetType()));
      default -> malformed("Body is not of the right form", place(e.getLocation()));
    };
  }

  // The value's own sentence begins with its own name; if the value is nested, the path comes
  // first.
  private static String sentence(String field, InvalidValueException invalid) {
    var sentence = String.valueOf(invalid.getMessage());
    var name = field.substring(field.lastIndexOf('.') + 1);
    return field.isEmpty() || sentence.startsWith(name + " ") && name.equals(field)
        ? sentence
        : field + ": " + sentence;
  }

  private static String path(JacksonException e) {
    return e.getPath().stream()
        .map(step ->
            step.getPropertyName() == null
                ? "[" + step.getIndex() + "]"
                : "." + step.getPropertyName())
        .collect(Collectors.joining())
        .replaceFirst("^\\.", "");
  }

  private static String form(@Nullable Class<?> type) {
    if (type == null) {
      return "of another form";
    }
    if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
      return "a whole number";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (List.class.isAssignableFrom(type)) {
      return "an array";
    }
    if (type.getPackageName().startsWith("dev.couponbook.edge")
        || JsonNode.class.isAssignableFrom(type)) {
      return "an object";
    }
    return "a string";
  }

  private static String place(@Nullable TokenStreamLocation at) {
    return at == null || at.getLineNr() < 1
        ? ""
        : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static ProblemException malformed(String sentence, String place) {
    return ProblemException.badRequest(ProblemCode.MALFORMED_JSON, sentence + place);
  }

  private static final class BookIds extends ValueDeserializer<BookId> {
    @Override
    public BookId deserialize(JsonParser parser, DeserializationContext context) {
      return BookId.parse(text(parser, context, BookId.class));
    }
  }

  private static String text(JsonParser parser, DeserializationContext context, Class<?> type) {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw MismatchedInputException.from(parser, type, "not a string");
    }
    return parser.getString();
  }
}
