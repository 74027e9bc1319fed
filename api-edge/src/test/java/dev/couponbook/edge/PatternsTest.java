package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.edge.id.IdempotencyKey;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.file.ColumnChoice;
import dev.couponbook.file.StatedLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What a pattern of the description admits is what the code admits, character by character: each
 * one of the basic plane is tried alone and at each place, and texts of each length around the
 * bounds.
 */
class PatternsTest {
  // Of the other planes a few. The invisible characters there (U+E0020, say) are refused in an
  // e-mail address, and no pattern that every language reads could name them.
  private static final List<Integer> BEYOND = List.of(0x1f600, 0x20000, 0x10ffff);

  private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

  /**
   * A text that the description has a pattern for.
   *
   * @param frames where a character is tried; {@code ?} stands for it
   * @param longest how many {@code filler} the longest text has
   */
  record Text(
      String name, JsonNode schema, Admits code, List<String> frames, String filler, int longest) {
    @Override
    public String toString() {
      return name;
    }

    boolean isDescribed(String text) {
      int length = text.codePointCount(0, text.length());
      return length >= schema.path("minLength").asInt(0)
          && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
          && (!schema.has("pattern")
              || COMPILED
                  .computeIfAbsent(schema.path("pattern").asString(), Text::compiled)
                  .matcher(text)
                  .find());
    }

    // ECMA 262: a dollar is the very end.
    private static Pattern compiled(String pattern) {
      return Pattern.compile(pattern.replaceFirst("\\$$", "\\\\z"));
    }
  }

  /** Reads a text, and throws if it is refused. */
  interface Admits {
    void read(String text);
  }

  static Stream<Text> texts() {
    var description = new Description();
    return Stream.of(
        new Text(
            "code in a path",
            description.parameter("Code").path("schema"),
            CouponCode::new,
            List.of("?", "A?", "?A", "A?A"),
            "A",
            64),
        new Text(
            "code in a body",
            member(description, "NamedCode", "code"),
            CouponCode::new,
            List.of("?", "A?", "?A"),
            "A",
            64),
        new Text(
            "lock token",
            member(description, "Holder", "lockToken"),
            LockToken::new,
            List.of("?", "A?", "?A"),
            "A",
            64),
        new Text(
            "e-mail",
            description.schema("Email"),
            Email::new,
            List.of("?@b", "a@?", "?a@b", "a?a@b", "a@b?b", "a@b?"),
            "a",
            0),
        new Text(
            "idempotency key",
            description.parameter("IdempotencyKey").path("schema"),
            text -> {
              if (!text.equals(text.strip())) {
                throw new InvalidValueException("HTTP cuts it off");
              }
              IdempotencyKey.parse(List.of(text));
            },
            List.of("a?", "?a", "\"?\"", "\"a?", "\"\\?\"", "\"\\\\?\""),
            "a",
            255),
        new Text(
            "name of a column",
            member(description, "Layout", "codeColumn").path("oneOf").path(0),
            text -> {
              if (text.indexOf('\0') >= 0) {
                throw new InvalidValueException("refused in every body");
              }
              new ColumnChoice.Named(text);
            },
            List.of("?", "a?", "?a"),
            "a",
            100),
        new Text(
            "delimiter",
            member(description, "Layout", "delimiter"),
            PatternsTest::delimiter,
            List.of("?", "?;"),
            ";",
            1));
  }

  private static void delimiter(String text) {
    if (text.length() != 1) {
      throw new InvalidValueException("one character");
    }
    new StatedLayout(null, text.charAt(0), null, null, null, null, false);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void the_code_admits_what_the_pattern_admits(Text text) {
    var differences = new ArrayList<String>();
    for (int c = 0; c <= 0xffff; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        compare(text, c, differences);
      }
    }
    BEYOND.forEach(c -> compare(text, c, differences));
    assertThat(differences.stream().limit(10)).isEmpty();
  }

  private static void compare(Text text, int character, List<String> differences) {
    for (var frame : text.frames()) {
      var tried = frame.replace("?", Character.toString(character));
      if (text.isDescribed(tried) != isAdmitted(text, tried)) {
        differences.add("U+%04X in %s".formatted(character, frame));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void the_code_admits_the_lengths_that_are_described(Text text) {
    for (var length : new int[] {0, 1, text.longest() - 1, text.longest(), text.longest() + 1}) {
      if (length >= 0) {
        var tried = text.filler().repeat(length);
        assertThat(isAdmitted(text, tried)).as("%d", length).isEqualTo(text.isDescribed(tried));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("longAddresses")
  void an_address_has_as_many_characters_as_are_described(String address) {
    var schema = new Description().schema("Email");
    var text = new Text("e-mail", schema, Email::new, List.of(), "", 0);
    assertThat(isAdmitted(text, address)).isEqualTo(text.isDescribed(address));
  }

  static Stream<String> longAddresses() {
    return Stream.of(
        "a@" + "b".repeat(252),
        "a@" + "b".repeat(253),
        "a@" + "\uD83D\uDE00".repeat(252),
        "a@" + "\uD83D\uDE00".repeat(253),
        " ".repeat(251) + "a@b",
        " ".repeat(252) + "a@b",
        "a@b@c",
        "@",
        "");
  }

  private static boolean isAdmitted(Text text, String tried) {
    try {
      text.code().read(tried);
      return true;
    } catch (InvalidValueException | ProblemException refused) {
      return false;
    }
  }

  private static JsonNode member(Description description, String schema, String name) {
    return description.schema(schema).path("properties").path(name);
  }
}
