package dev.couponbook.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.coupon.InvalidValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodePatternTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "####,          810000,      4",
        "SALE-{9:4},    10000,       9",
        "{A}{9},        260,         2",
        "{*},           36,          1",
        "{#:2}X,        900,         3",
        "\\#{9},        10,          2",
        "\\{\\}\\\\{9}, 10,          4",
        "{9:64},        1e64,        64",
      })
  void key_space_is_exact(String pattern, String keySpace, int length) {
    var read = CodePattern.parse(pattern);
    assertThat(read.keySpace()).isEqualTo(new BigDecimal(keySpace).toBigIntegerExact());
    assertThat(read.length()).isEqualTo(length);
  }

  @Test
  void prefix_and_length_are_the_original_contract() {
    var pattern = CodePattern.of(null, "X{9}#", 4, null);
    assertThat(pattern.length()).isEqualTo(9);
    assertThat(pattern.keySpace()).isEqualTo(BigInteger.valueOf(810_000));
    assertThat(pattern.literalPrefix()).isEqualTo("X{9}#");
  }

  @Test
  void default_is_12_places_without_look_alikes() {
    var pattern = CodePattern.of(null, null, null, null);
    assertThat(pattern.keySpace()).isEqualTo(BigInteger.valueOf(30).pow(12));
    assertThat(CodePattern.DEFAULT_ALPHABET).hasSize(30).doesNotContainPattern("[0O1ILU]");
  }

  @Test
  void alphabet_may_be_named_or_given_in_any_order() {
    assertThat(CodePattern.of("##", null, null, "digits").keySpace()).isEqualTo(100);
    assertThat(CodePattern.of("##", null, null, "zyx").places()).containsExactly("xyz", "xyz");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SALE", "", "{9", "9}", "{X}", "{9:0}", "{9:65}", "{9:}", "a b#", "ä#", "#\\"})
  void a_bad_pattern_is_refused_with_a_sentence(String pattern) {
    assertThatThrownBy(() -> CodePattern.parse(pattern))
        .isInstanceOf(InvalidValueException.class)
        .message()
        .containsAnyOf("pattern", "repeat")
        .hasSizeGreaterThan(20);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      nullValues = "-",
      value = {
        "#, X, -, -,   stands for prefix",
        "#, -, 4, -,   stands for prefix",
        "-, -, 0, -,   codeLength",
        "-, XX, 63, -, codeLength",
        "-, a b, 4, -, prefix",
        "-, -, 4, A,   two characters",
        "-, -, 4, ABA, twice",
        "-, -, 4, Aé,  alphabet",
        "{9:40}{9:25}, -, -, -, 65 characters",
      })
  void bad_member_is_named(
      @Nullable String pattern,
      @Nullable String prefix,
      @Nullable Integer codeLength,
      @Nullable String alphabet,
      String says) {
    assertThatThrownBy(() -> CodePattern.of(pattern, prefix, codeLength, alphabet))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining(says);
  }

  @Test
  void matches_its_own_codes_and_no_others() {
    var pattern = CodePattern.parse("A.{9}#");
    var regex = Pattern.compile(pattern.regex());
    assertThat(pattern.matches("A.5K")).isTrue();
    assertThat(regex.matcher("A.5K").matches()).isTrue();
    for (var other : new String[] {"A.5", "A.5KK", "Ax5K", "A.K5", "A.5O"}) {
      assertThat(pattern.matches(other)).isFalse();
      assertThat(regex.matcher(other).matches()).isFalse();
    }
  }
}
