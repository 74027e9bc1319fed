package dev.couponbook.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "\\.",
        "=1+1",
        "a-b_c.d/e",
        "!~",
        "0123456789012345678901234567890123456789012345678901234567890123"
      })
  void printable_ascii_is_a_code_and_stays_as_it_is(String text) {
    assertThat(new CouponCode(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "A B",
        " A",
        "A\t",
        "A\u0000",
        "Ä",
        "А",
        "A\u200b",
        "01234567890123456789012345678901234567890123456789012345678901234"
      })
  void any_other_text_is_not_a_code(String text) {
    assertThatThrownBy(() -> new CouponCode(text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("code must");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann@example.com",
        "ann+tag.x@example.co.uk",
        "a@xn--bcher-kva.example",
        "\"odd\"@example.com",
        "a@b",
        "ünï@example.com"
      })
  void valid_addresses_are_accepted(String text) {
    assertThatCode(() -> new Email(text)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ann",
        "@b",
        "a@",
        "a@b@c",
        "a b@c",
        "a@b c",
        "a\n@b",
        "a\u0000@b",
        "a\u00a0@b",
        "a\u200b@b",
        "\ud800@b"
      })
  void any_other_text_is_not_an_address_and_is_not_quoted(String text) {
    assertThatThrownBy(() -> new Email(text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("email must");
  }

  @Test
  void an_address_of_255_characters_is_too_long() {
    assertThatCode(() -> new Email("a".repeat(252) + "@b")).doesNotThrowAnyException();
    assertThatThrownBy(() -> new Email("a".repeat(253) + "@b")).hasMessageContaining("254");
  }

  @Test
  void only_ascii_has_a_case_so_that_nobody_gets_the_codes_of_another() {
    // The sign for kelvin, a dotted I, a sharp S and others that fold into ASCII somewhere.
    for (var odd :
        new String[] {"\u212Aate@x", "\u0130an@x", "\u1E9Eam@x", "\u017Fam@x", "\uFF21nn@x"}) {
      assertThat(new Email(odd).value()).isEqualTo(odd);
    }
    assertThat(new Email("\u212Aate@x")).isNotEqualTo(new Email("kate@x"));
    assertThat(new Email("ÄNN@X").value()).isEqualTo("Änn@x");
  }

  @Test
  void addresses_are_compared_trimmed_and_without_case() {
    assertThat(new Email("  Ann@Example.COM ")).isEqualTo(new Email("ann@example.com"));
  }

  @Test
  void an_id_has_all_its_characters_in_either_case() {
    for (var text :
        new String[] {
          "0197a3c0-0000-7000-8000-000000000001", "0197A3C0-0000-7000-8000-000000000001"
        }) {
      assertThat(BookId.parse(text)).hasToString("0197a3c0-0000-7000-8000-000000000001");
    }
    assertThatThrownBy(() -> BookId.parse("197A3C0-0-7000-8000-1"))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void a_minted_lock_token_has_128_bits_and_never_comes_twice() {
    assertThat(LockToken.mint().value()).hasSize(22);
    assertThat(LockToken.mint()).isNotEqualTo(LockToken.mint());
  }

  @Test
  void no_value_shows_itself_in_a_log() {
    assertThat(new CouponCode("SUMMER-2026-ABC")).hasToString("code …ABC");
    assertThat(new Email("ann@example.com").toString()).doesNotContain("ann");
    assertThat(LockToken.mint().toString()).isEqualTo("a lock token");
  }
}
