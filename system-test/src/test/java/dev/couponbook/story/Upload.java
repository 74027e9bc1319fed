package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import tools.jackson.databind.JsonNode;

/** An upload, as its partner sees it. */
record Upload(Partner partner, String id) {
  static final Set<String> FINAL =
      Set.of("completed", "completed_with_rejects", "failed", "cancelled", "undone", "expired");
  private static final Duration POLL = Duration.ofMillis(100);

  String path() {
    return "/coupons/codes/uploads/" + id;
  }

  JsonNode state() {
    return partner.get(path()).is(200).body();
  }

  /** Waits for the end of the load, and checks that its rows add up. */
  JsonNode end() {
    var state =
        await("the end of " + id)
            .atMost(Partner.PATIENCE)
            .pollInterval(POLL)
            .until(this::state, load -> FINAL.contains(load.path("state").asString()));
    var rows = state.path("rows");
    assertThat(rows.path("read").asLong())
        .as("rows of %s", state)
        .isEqualTo(
            rows.path("accepted").asLong()
                + rows.path("duplicate").asLong()
                + rows.path("rejected").asLong());
    return state;
  }

  JsonNode endsAs(String expected) {
    var end = end();
    assertThat(end.path("state").asString()).as("state of %s", end).isEqualTo(expected);
    if (!expected.equals("cancelled") && !expected.equals("failed")) {
      assertThat(end.path("percent").asDouble()).as("percent of %s", end).isEqualTo(100);
    }
    return end;
  }

  /** Waits until the load has read its first rows. */
  void isInTheMiddle() {
    var state =
        await("the first rows of " + id)
            .atMost(Partner.PATIENCE)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(10))
            .until(this::state, load -> load.path("rows").path("read").asLong() > 0);
    assertThat(state.path("state").asString()).as("state of %s", state).isEqualTo("running");
  }

  static void assertRows(JsonNode state, int read, int accepted, int duplicate, int rejected) {
    assertThat(state.path("rows"))
        .as("rows of %s", state)
        .isEqualTo(
            Answer.JSON.valueToTree(
                Partner.json(
                    "read", read,
                    "accepted", accepted,
                    "duplicate", duplicate,
                    "rejected", rejected)));
  }

  String rejects() {
    return partner.download(end().path("links").path("rejects").asString());
  }

  static List<CSVRecord> rows(String csv) {
    try (var parser =
        CSVFormat.RFC4180.builder().setHeader().get().parse(new java.io.StringReader(csv))) {
      return parser.getRecords();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
