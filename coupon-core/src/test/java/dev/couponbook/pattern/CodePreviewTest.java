package dev.couponbook.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class CodePreviewTest {
  @Test
  void five_codes_and_the_figures_of_the_default_pattern_without_a_warning() {
    var pattern = CodePattern.of(null, "X-", null, null);
    var preview = CodePreview.of(pattern, 1_000_000);
    assertThat(preview.samples()).hasSize(5).doesNotHaveDuplicates().allMatch(pattern::matches);
    assertThat(preview.keySpace()).isEqualTo(BigInteger.valueOf(30).pow(12));
    assertThat(preview.bits()).isEqualTo(58.9);
    assertThat(preview.fillRatio()).isBetween(1.88e-12, 1.89e-12);
    assertThat(preview.guessesPerHit()).isEqualTo(BigInteger.valueOf(531_441_000_000L));
    assertThat(preview.warnings()).isEmpty();
  }

  @Test
  void a_pattern_whose_codes_are_soon_guessed_gets_a_warning() {
    var preview = CodePreview.of(CodePattern.of(null, null, 4, null), 100);
    assertThat(preview.guessesPerHit()).isEqualTo(BigInteger.valueOf(8_100));
    assertThat(preview.warnings())
        .singleElement()
        .asString()
        .startsWith("One guess in 8100 hits a code");
  }

  @Test
  void exactly_2_to_the_20_guesses_are_enough() {
    var bits = CodePattern.of("#".repeat(20), null, null, "01");
    assertThat(CodePreview.of(bits, 1).warnings()).isEmpty();
    assertThat(CodePreview.of(bits, 2).warnings()).hasSize(1);
  }

  @Test
  void asking_for_more_codes_than_exist_gets_a_warning_and_all_of_them_as_samples() {
    var preview = CodePreview.of(CodePattern.of("##", null, null, "ab"), 5);
    assertThat(preview.samples()).containsExactlyInAnyOrder("aa", "ab", "ba", "bb");
    assertThat(preview.fillRatio()).isEqualTo(1);
    assertThat(preview.warnings()).hasSize(2);
    assertThat(preview.warnings().getFirst()).contains("4 codes only, and 5 are asked for");
  }

  @Test
  void widest_pattern_has_figures_too() {
    var preview = CodePreview.of(CodePattern.parse("{*:64}"), 100_000_000);
    assertThat(preview.bits()).isEqualTo(330.9);
    assertThat(preview.samples()).hasSize(5);
  }
}
