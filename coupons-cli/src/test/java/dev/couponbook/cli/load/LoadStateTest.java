package dev.couponbook.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadStateTest {
  @ParameterizedTest
  @CsvSource({
    "awaiting_file, false, 1",
    "queued, false, 1",
    "running, false, 1",
    "completed, true, 0",
    "completed_with_rejects, true, 3",
    "failed, true, 1",
    "cancelled, true, 4",
    "undone, true, 4"
  })
  void a_state_says_whether_to_go_on_and_how_it_ended(String state, boolean over, int exitCode) {
    var load = new LoadState(state, 0, 0, 0, 0, 0, 0, null, null);
    assertThat(load.isOver()).isEqualTo(over);
    assertThat(load.exitCode()).isEqualTo(exitCode);
  }

  @Test
  void an_answer_of_the_api_is_read_whole() {
    var load =
        LoadState.of(
            Json.mapper()
                .readTree(
                    """
                    {"uploadId": "u", "bookId": "b", "state": "failed", "percent": 12.5,
                     "rows": {"read": 10, "accepted": 7, "duplicate": 2, "rejected": 1},
                     "rowsPerSecond": 1000, "reason": "The file is empty."}
                    """));
    assertThat(load.line())
        .isEqualTo(
            "failed, 10 read, 7 accepted, 2 duplicate, 1 rejected, 1,000 rows/s: The file is"
                + " empty.");
    assertThat(load.percent()).isEqualTo(12.5);
  }

  @Test
  void beside_a_bar_the_rate_comes_first_and_what_did_not_happen_not_at_all() {
    var load = new LoadState("running", 50, 784_000, 783_996, 4, 0, 58_836, null, null);
    assertThat(load.brief(", now 61,000")).isEqualTo("58,836 rows/s, now 61,000, 4 duplicate");
    assertThat(load.line(", now 61,000"))
        .isEqualTo(
            "running, 784,000 read, 783,996 accepted, 4 duplicate, 0 rejected,"
                + " 58,836 rows/s, now 61,000");
    assertThat(new LoadState("queued", 0, 0, 0, 0, 0, 0, null, null).brief(""))
        .isEqualTo("queued, 0 rows/s");
  }

  @Test
  void an_answer_before_the_file_came_has_zeros() {
    var load = LoadState.of(Json.mapper().readTree("{\"state\": \"awaiting_file\"}"));
    assertThat(load.read()).isZero();
    assertThat(load.isOver()).isFalse();
  }
}
