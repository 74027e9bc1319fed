package dev.couponbook.ingest.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.ingest.Loads;
import dev.couponbook.testing.TestDatabase;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PickNumbersTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  @Test
  void numbers_are_new_and_shuffled_within_windows_only() {
    var loads = new Loads(database);
    database.rows().free(loads.book(), 7);
    var numbers = new PickNumbers(loads.transactions(), loads.book().number());
    var picks = numbers.take(1_000);
    assertThat(IntStream.of(picks).sorted().toArray())
        .isEqualTo(IntStream.range(7, 1_007).toArray());
    for (int window = 0; window < picks.length; window += PickNumbers.WINDOW) {
      int end = Math.min(window + PickNumbers.WINDOW, picks.length);
      var shuffled = Arrays.copyOfRange(picks, window, end);
      assertThat(shuffled).doesNotContain(7 + end).isNotEqualTo(sorted(shuffled));
      assertThat(sorted(shuffled)).isEqualTo(IntStream.range(7 + window, 7 + end).toArray());
    }
    assertThat(numbers.take(1)).containsExactly(1_007);
  }

  private static int[] sorted(int[] numbers) {
    return IntStream.of(numbers).sorted().toArray();
  }

  @Test
  void no_codes_take_no_numbers() {
    var loads = new Loads(database);
    var numbers = new PickNumbers(loads.transactions(), loads.book().number());
    assertThat(numbers.take(0)).isEmpty();
    assertThat(database.number("SELECT next_pick FROM coupon_book_pick")).isZero();
  }
}
