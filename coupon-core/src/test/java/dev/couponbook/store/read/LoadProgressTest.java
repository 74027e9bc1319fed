package dev.couponbook.store.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.store.read.LoadProgress.RowCounts;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class LoadProgressTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static LoadProgress progress(LoadState state, long done, long whole) {
    var rows = new RowCounts(done, 0, done, 0);
    return LoadProgress.of(
        state, rows, done, whole, Duration.ofSeconds(10), Duration.ofSeconds(1), NOW);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0.0", "0, 8, 0.0", "1, 3, 33.3", "2, 3, 66.6", "3, 3, 99.9", "9, 8, 99.9"})
  void percent_is_rounded_down_and_below_100_until_the_load_is_over(
      long done, long whole, double percent) {
    assertThat(progress(LoadState.RUNNING, done, whole).percent()).isEqualTo(percent);
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "COMPLETED_WITH_REJECTS", "UNDONE"})
  void a_load_that_came_to_its_end_is_at_100_percent(LoadState state) {
    assertThat(progress(state, 0, 0).percent()).isEqualTo(100);
  }

  @ParameterizedTest
  @EnumSource(names = {"STOPPED", "FAILED", "CANCELLED"})
  void a_load_that_ends_early_keeps_its_percent(LoadState state) {
    assertThat(progress(state, 1, 4).percent()).isEqualTo(25);
  }

  @Test
  void the_rest_is_expected_to_take_as_long_per_byte_as_what_is_done() {
    assertThat(progress(LoadState.RUNNING, 25, 100).estimatedEnd()).isEqualTo(NOW.plusSeconds(30));
  }

  @ParameterizedTest
  @CsvSource({"0, 100", "100, 100", "0, 0"})
  void no_end_is_estimated_before_the_first_byte_and_after_the_last(long done, long whole) {
    assertThat(progress(LoadState.RUNNING, done, whole).estimatedEnd()).isNull();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "RUNNING")
  void only_a_running_load_has_an_estimated_end(LoadState state) {
    assertThat(progress(state, 25, 100).estimatedEnd()).isNull();
  }

  @Test
  void a_load_without_a_chunk_for_a_while_has_no_estimated_end() {
    var rows = new RowCounts(25, 0, 25, 0);
    var elapsed = Duration.ofSeconds(30);
    for (int silent : new int[] {15, 16}) {
      var progress =
          LoadProgress.of(
              LoadState.RUNNING, rows, 25, 100, elapsed, Duration.ofSeconds(silent), NOW);
      assertThat(progress.estimatedEnd() != null).as("%d s", silent).isEqualTo(silent == 15);
    }
  }

  @Test
  void rows_per_second_are_an_average_since_the_start() {
    assertThat(progress(LoadState.RUNNING, 25, 100).rowsPerSecond()).isEqualTo(2);
    var atOnce =
        LoadProgress.of(
            LoadState.RUNNING, new RowCounts(5, 5, 0, 0), 5, 9, Duration.ZERO, Duration.ZERO, NOW);
    assertThat(atOnce.rowsPerSecond()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void a_state_is_found_by_its_name(LoadState state) {
    assertThat(LoadState.of(state.text())).contains(state);
  }

  @Test
  void an_unknown_name_is_not_a_state() {
    assertThat(LoadState.of("resting")).isEmpty();
    assertThat(LoadState.of("RUNNING")).isEmpty();
  }
}
