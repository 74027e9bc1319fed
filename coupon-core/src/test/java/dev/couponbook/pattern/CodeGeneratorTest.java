package dev.couponbook.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.InvalidValueException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeGeneratorTest {
  private static final GeneratorKey KEY =
      new GeneratorKey(Base64.getEncoder().encodeToString("sixteen bytes :)".getBytes()));

  @ParameterizedTest
  @CsvSource({
    "{9:3},1",
    "{9:3},7",
    "{9:3},999",
    "{9:3},1000",
    "{A}x{9:2},1300",
    "{9:4},6000",
    "{9},10"
  })
  void each_code_of_the_key_space_comes_once(String pattern, int amount) {
    var read = CodePattern.parse(pattern);
    var generator = new CodeGenerator(read, amount, KEY);
    var codes = new HashSet<CouponCode>();
    generator
        .candidates()
        .forEachRemaining(code -> {
          assertThat(read.matches(code.value())).isTrue();
          assertThat(codes.add(code)).isTrue();
        });
    assertThat(codes).hasSize(read.keySpace().intValueExact()).hasSize((int) generator.size());
  }

  @Test
  void the_amount_comes_in_ascending_order_and_spread_over_the_key_space() {
    var generator = new CodeGenerator(CodePattern.parse("{9:6}"), 1000, KEY);
    var codes = codes(generator, 0, 1000);
    assertThat(codes).isSorted().doesNotHaveDuplicates();
    for (int i = 0; i < 1000; i++) {
      assertThat(Integer.parseInt(codes.get(i).value()) / 1000).isEqualTo(i);
    }
  }

  @Test
  void the_same_key_makes_the_same_codes_and_another_key_others() {
    var pattern = CodePattern.parse("{#:12}");
    var codes = codes(new CodeGenerator(pattern, 5000, KEY), 0, 5000);
    assertThat(codes(new CodeGenerator(pattern, 5000, KEY), 0, 5000)).isEqualTo(codes);
    assertThat(codes(new CodeGenerator(pattern, 5000, GeneratorKey.mint()), 0, 5000))
        .doesNotContainAnyElementsOf(codes);
  }

  @Test
  void ranges_of_counters_made_in_any_order_add_up_to_the_whole() {
    var pattern = CodePattern.parse("{9:4}");
    var whole = codes(new CodeGenerator(pattern, 3000, KEY), 0, 10_000);
    var generator = new CodeGenerator(pattern, 3000, KEY);
    assertThat(codes(generator, 7_000, 10_000)).isEqualTo(whole.subList(7_000, 10_000));
    assertThat(codes(generator, 0, 2_500)).isEqualTo(whole.subList(0, 2_500));
    assertThat(codes(generator, 2_500, 7_000)).isEqualTo(whole.subList(2_500, 7_000));
  }

  /** 94^64 codes are more than any number here holds, and still every one of them can come. */
  @Test
  void the_widest_key_space_uses_every_character_in_every_place() {
    var all =
        LongStream.rangeClosed('!', '~')
            .collect(StringBuilder::new, (s, c) -> s.append((char) c), StringBuilder::append);
    var generator = new CodeGenerator(CodePattern.of(null, null, 64, all.toString()), 2000, KEY);
    var codes = codes(generator, 0, 4000);
    assertThat(codes).doesNotHaveDuplicates();
    for (int place = 0; place < 64; place++) {
      int at = place;
      assertThat(codes.stream().map(code -> code.value().charAt(at)).distinct().count())
          .as("characters at place %s", place)
          .isGreaterThan(90);
    }
  }

  /** With one code asked for, the whole key space is its cell: each code must be as likely. */
  @Test
  void every_code_is_equally_likely() {
    var pattern = CodePattern.parse("{9}");
    var hits = new int[10];
    for (int i = 0; i < 10_000; i++) {
      var code = new CodeGenerator(pattern, 1, GeneratorKey.mint()).codeAt(0);
      hits[code.value().charAt(0) - '0']++;
    }
    // 1,000 each with a standard deviation of 30: six of them are one failure in 10^8 runs.
    assertThat(IntStream.of(hits).boxed()).allSatisfy(hit -> assertThat(hit).isBetween(820, 1180));
  }

  @Test
  void more_than_the_key_space_is_refused() {
    assertThatThrownBy(() -> new CodeGenerator(CodePattern.parse("{9}"), 11, KEY))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("10 codes of the pattern");
  }

  @Test
  void the_key_does_not_show_itself_in_a_log() {
    assertThat(KEY.toString()).doesNotContain(KEY.base64());
    assertThat(Stream.generate(GeneratorKey::mint).limit(100)).doesNotHaveDuplicates();
  }

  private static List<CouponCode> codes(CodeGenerator generator, long from, long to) {
    return LongStream.range(from, to).mapToObj(generator::codeAt).toList();
  }
}
