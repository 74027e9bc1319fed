package dev.couponbook.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.json.Json;
import dev.couponbook.store.read.LoadProgress;
import dev.couponbook.store.read.LoadProgress.RowCounts;
import dev.couponbook.store.read.LoadState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadReportTest {
  private static LoadReport load(
      LoadState state, double percent, RowCounts rows, long rowsPerSecond) {
    return new LoadReport(
        new LoadProgress(state, percent, rows, rowsPerSecond, null),
        null,
        new FileNotes(null, List.of()));
  }

  private static LoadReport answer(String json) {
    return LoadReport.of(Json.mapper().readTree(json));
  }

  @ParameterizedTest
  @CsvSource({
    "awaiting_file, false, 1",
    "queued, false, 1",
    "running, false, 1",
    "stopped, true, 4",
    "completed, true, 0",
    "completed_with_rejects, true, 3",
    "failed, true, 1",
    "cancelled, true, 4",
    "undone, true, 4"
  })
  void a_state_says_whether_to_go_on_watching_and_how_it_ended(
      String state, boolean over, int exitCode) {
    var load = answer("{\"state\": \"%s\"}".formatted(state));
    assertThat(load.state()).isEqualTo(state);
    assertThat(load.isOver()).isEqualTo(over);
    assertThat(load.exitCode()).isEqualTo(exitCode);
  }

  @ParameterizedTest
  @CsvSource({"{}, ''", "'{\"state\": \"resting\"}', resting"})
  void an_unknown_state_is_reported_and_not_taken_for_another(String json, String state) {
    assertThatThrownBy(() -> answer(json))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED))
        .hasMessageContaining("state '" + state + "'");
  }

  @Test
  void an_answer_of_the_api_is_read_whole() {
    var load =
        answer(
            """
            {"uploadId": "u", "bookId": "b", "state": "failed", "percent": 12.5,
             "rows": {"read": 10, "accepted": 7, "duplicate": 2, "rejected": 1},
             "rowsPerSecond": 1000, "reason": "The file is empty."}
            """);
    assertThat(load.line())
        .isEqualTo(
            "failed, 10 read, 7 accepted, 2 duplicate, 1 rejected, 1,000 rows/s: The file is"
                + " empty.");
    assertThat(load.progress().percent()).isEqualTo(12.5);
  }

  @Test
  void beside_a_bar_the_rate_comes_first_and_zero_counts_are_left_out() {
    var load = load(LoadState.RUNNING, 50, new RowCounts(784_000, 783_996, 4, 0), 58_836);
    assertThat(load.brief(", now 61,000")).isEqualTo("58,836 rows/s, now 61,000, 4 duplicate");
    assertThat(load.line(", now 61,000"))
        .isEqualTo(
            "running, 784,000 read, 783,996 accepted, 4 duplicate, 0 rejected,"
                + " 58,836 rows/s, now 61,000");
    assertThat(load(LoadState.QUEUED, 0, new RowCounts(0, 0, 0, 0), 0).brief(""))
        .isEqualTo("queued, 0 rows/s");
  }

  @Test
  void scripts_read_the_same_members_for_uploads_and_jobs() {
    var load = answer("{\"state\": \"stopped\", \"percent\": 25.0, \"rowsPerSecond\": 7}");
    assertThat(load.json().toString())
        .startsWith("{state=stopped, percent=25.0, rows={")
        .endsWith("}, rowsPerSecond=7}");
  }
}
