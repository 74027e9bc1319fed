package dev.couponbook.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttackTableTest {
  @Test
  void rows_are_aligned_and_cannot_break_the_table() {
    var table = new AttackTable("doors");
    table.row("knock", 401, 401);
    table.row("a\r\nb", "401 at once", "x".repeat(200));
    assertThat(table.toString().lines())
        .containsExactly(
            "attacks on doors: 2 cases",
            "case  | expected    | got",
            "knock | 401         | 401",
            "a··b  | 401 at once | " + "x".repeat(89) + "…");
  }
}
