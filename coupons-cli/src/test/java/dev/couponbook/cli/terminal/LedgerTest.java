package dev.couponbook.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.couponbook.cli.terminal.Ledger.Result;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void a_step_that_fails_is_written_down_and_the_others_go_on() {
    ledger.step(
        "one",
        () -> {
          Ledger.check(1 > 2, "1 is not above 2");
          return Result.of(1, "unseen");
        });
    ledger.step(
        "two",
        () -> {
          throw new NullPointerException();
        });
    ledger.step("three", () -> Result.total(3, "fine"));

    assertThat(ledger.allHeld()).isFalse();
    assertThat(ledger.json())
        .extracting(step -> step.get("step"), step -> step.get("ok"), step -> step.get("remark"))
        .containsExactly(
            tuple("one", false, "1 is not above 2"),
            tuple("two", false, "java.lang.NullPointerException"),
            tuple("three", true, "fine"));
  }

  @Test
  void a_ledger_holds_when_all_its_steps_do() {
    ledger.step("one", () -> Result.of(1, "fine"));
    assertThat(ledger.allHeld()).isTrue();
    assertThat(ledger.json().getFirst()).containsAllEntriesOf(Map.of("count", 1L, "ok", true));
  }
}
