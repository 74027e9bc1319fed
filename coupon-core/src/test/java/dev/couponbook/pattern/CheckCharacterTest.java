package dev.couponbook.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.coupon.InvalidValueException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The promise of {@code {C}}, for every size that an alphabet can have. */
class CheckCharacterTest {
  private static final int CODES = 25;

  static IntStream sizes() {
    return IntStream.rangeClosed(3, 94);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void every_wrong_character_and_every_swap_of_neighbours_is_found(int size) {
    var alphabet = printable(size);
    for (var text : new String[] {"#####{C}", "{C}#####", "##{C}####"}) {
      var pattern = CodePattern.of(text, null, null, alphabet);
      var generator = new CodeGenerator(pattern, CODES, GeneratorKey.mint());
      for (int i = 0; i < CODES; i++) {
        var code = generator.codeAt(i).value();
        assertThat(pattern.matches(code)).as(code).isTrue();
        assertWrongCharactersAreFound(pattern, code, alphabet);
        assertSwapsAreFound(pattern, code);
      }
    }
  }

  private static void assertWrongCharactersAreFound(
      CodePattern pattern, String code, String alphabet) {
    for (int place = 0; place < code.length(); place++) {
      for (char c : alphabet.toCharArray()) {
        if (c != code.charAt(place)) {
          var wrong = code.substring(0, place) + c + code.substring(place + 1);
          assertThat(pattern.matches(wrong)).as("%s for %s", wrong, code).isFalse();
        }
      }
    }
  }

  private static void assertSwapsAreFound(CodePattern pattern, String code) {
    for (int place = 1; place < code.length(); place++) {
      char left = code.charAt(place - 1);
      char right = code.charAt(place);
      if (left != right) {
        var swapped = code.substring(0, place - 1) + right + left + code.substring(place + 1);
        assertThat(pattern.matches(swapped)).as("%s for %s", swapped, code).isFalse();
      }
    }
  }

  @Test
  void a_check_character_covers_places_of_different_kinds_between_literal_characters() {
    var pattern = CodePattern.parse("SALE-{A:2}-{9:3}{C}");
    assertThat(pattern.keySpace()).isEqualTo(26 * 26 * 1000);
    var generator = new CodeGenerator(pattern, 2000, GeneratorKey.mint());
    for (int i = 0; i < 2000; i++) {
      var code = generator.codeAt(i).value();
      assertThat(pattern.matches(code)).isTrue();
      assertWrongCharactersAreFound(pattern, code, "ABCXYZ019-");
      assertSwapsAreFound(pattern, code);
    }
  }

  @Test
  void a_check_character_adds_nothing_to_the_key_space() {
    var pattern = CodePattern.parse("{9:3}{C}");
    var generator = new CodeGenerator(pattern, 1000, GeneratorKey.mint());
    assertThat(IntStream.range(0, 1000).mapToObj(generator::codeAt))
        .doesNotHaveDuplicates()
        .isSorted();
    assertThatThrownBy(() -> new CodeGenerator(pattern, 1001, GeneratorKey.mint()))
        .isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"#{C}{C}", "{C}", "A{C}", "#{C:2}"})
  void a_second_check_character_or_nothing_to_check_is_refused(String pattern) {
    assertThatThrownBy(() -> CodePattern.parse(pattern))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("pattern");
  }

  @Test
  void two_characters_are_too_few() {
    assertThatThrownBy(() -> CodePattern.of("###{C}", null, null, "ab"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("three characters or more");
  }

  private static String printable(int size) {
    return IntStream.range('!', '!' + size)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }
}
