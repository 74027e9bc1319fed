package dev.couponbook.edge.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.edge.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
  @Test
  void both_spellings_are_one_key() {
    assertThat(key("order-1"))
        .isEqualTo(key("\"order-1\""))
        .contains(new IdempotencyKey("order-1"));
  }

  @Test
  void a_quoted_key_may_have_any_printable_ascii() {
    assertThat(key("\"a b:c/d\"")).contains(new IdempotencyKey("a b:c/d"));
    assertThat(key("\"a\\\"b\\\\c\"")).contains(new IdempotencyKey("a\"b\\c"));
  }

  @Test
  void no_header_is_no_key() {
    assertThat(IdempotencyKey.parse(List.of())).isEmpty();
  }

  @Test
  void the_longest_key_has_255_characters() {
    assertThat(key("a".repeat(255))).isPresent();
    assertThat(key('"' + "a".repeat(255) + '"')).isPresent();
    assertThatThrownBy(() -> key("a".repeat(256))).isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\"\"",
        "\"",
        "\"a",
        "a\"",
        "a b",
        "a.b",
        "a,b",
        "\"a\"b",
        "\"a\", \"b\"",
        "\"a\";p=1",
        "\"a\\x\"",
        "\"a\\\"",
        "\"\u00e4\"",
        "\u00e4",
        "\"a\tb\"",
        "\"a\u007f\""
      })
  void an_invalid_key_is_refused(String header) {
    assertThatThrownBy(() -> key(header))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(400));
  }

  @Test
  void two_headers_must_agree() {
    assertThat(IdempotencyKey.parse(List.of("a", "\"a\""))).contains(new IdempotencyKey("a"));
    assertThatThrownBy(() -> IdempotencyKey.parse(List.of("a", "b")))
        .hasMessageContaining("more than once");
  }

  private static Optional<IdempotencyKey> key(String header) {
    return IdempotencyKey.parse(List.of(header));
  }
}
