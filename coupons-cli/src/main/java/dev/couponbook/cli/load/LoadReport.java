package dev.couponbook.cli.load;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.Durations;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.read.LoadProgress;
import dev.couponbook.store.read.LoadProgress.RowCounts;
import dev.couponbook.store.read.LoadState;
import dev.couponbook.store.read.ReadJobs.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How far a load is, as people and scripts read it: what a partner polls and what an operator reads
 * from the tables look the same.
 *
 * @param reason why it failed or fails
 * @param file what was understood of its file
 */
public record LoadReport(LoadProgress progress, @Nullable String reason, FileNotes file) {
  public static LoadReport of(Job job) {
    return new LoadReport(job.progress(), job.reason(), FileNotes.of(job.understood(), List.of()));
  }

  /**
   * From the answer of {@code GET /coupons/codes/uploads/{id}}.
   *
   * @throws CommandFailure if the answer's state is not known here
   */
  static LoadReport of(JsonNode upload) {
    var rows = upload.path("rows");
    var end = upload.path("estimatedEnd").asString("");
    var reason = upload.path("reason").asString("");
    return new LoadReport(
        new LoadProgress(
            state(upload.path("state").asString("")),
            upload.path("percent").asDouble(0),
            new RowCounts(
                rows.path("read").asLong(0),
                rows.path("accepted").asLong(0),
                rows.path("duplicate").asLong(0),
                rows.path("rejected").asLong(0)),
            upload.path("rowsPerSecond").asLong(0),
            end.isEmpty() ? null : Instant.parse(end)),
        reason.isEmpty() ? null : reason,
        FileNotes.of(upload));
  }

  private static LoadState state(String text) {
    return LoadState.of(text)
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.FAILED,
                "The upload is in state '"
                    + text
                    + "', which this launcher does not know. Is the edge a different version?"));
  }

  /** Whether there is nothing more to watch: the load has ended, or waits for an operator. */
  public boolean isOver() {
    return progress.state().isFinal() || progress.state() == LoadState.STOPPED;
  }

  int exitCode() {
    return switch (progress.state()) {
      case COMPLETED -> ExitCode.DONE;
      case COMPLETED_WITH_REJECTS -> ExitCode.DONE_WITH_REJECTS;
      case STOPPED, CANCELLED, UNDONE -> ExitCode.STOPPED;
      case AWAITING_FILE, EXPIRED, QUEUED, RUNNING, FAILED -> ExitCode.FAILED;
    };
  }

  String state() {
    return progress.state().text();
  }

  /** For people: one line. */
  public String line() {
    return line("");
  }

  /**
   * @param rateNow printed behind the average rate; may be empty
   */
  public String line(String rateNow) {
    var rows = progress.rows();
    var end =
        progress.estimatedEnd() == null
            ? ""
            : ", ends in "
                + Durations.text(Duration.between(Instant.now(), progress.estimatedEnd()));
    return String.format(
        Locale.ROOT,
        "%s, %,d read, %,d accepted, %,d duplicate, %,d rejected, %,d rows/s%s%s%s",
        progress.state() == LoadState.STOPPED ? "stopped by order" : state(),
        rows.read(),
        rows.accepted(),
        rows.duplicate(),
        rows.rejected(),
        progress.rowsPerSecond(),
        rateNow,
        end,
        reason == null ? "" : ": " + reason);
  }

  /**
   * For people, beside a bar that already shows the percent and the end: what fits into the rest of
   * a terminal's line, the most important first.
   */
  String brief(String rateNow) {
    var rows = progress.rows();
    var brief = new StringBuilder(progress.state() == LoadState.RUNNING ? "" : state() + ", ");
    brief.append(String.format(Locale.ROOT, "%,d rows/s%s", progress.rowsPerSecond(), rateNow));
    if (rows.rejected() > 0) {
      brief.append(String.format(Locale.ROOT, ", %,d rejected", rows.rejected()));
    }
    if (rows.duplicate() > 0) {
      brief.append(String.format(Locale.ROOT, ", %,d duplicate", rows.duplicate()));
    }
    return brief.toString();
  }

  /** For scripts. */
  Map<String, Object> json() {
    var rows = progress.rows();
    var json = new LinkedHashMap<String, Object>();
    json.put("state", state());
    json.put("percent", progress.percent());
    json.put(
        "rows",
        Map.of(
            "read", rows.read(),
            "accepted", rows.accepted(),
            "duplicate", rows.duplicate(),
            "rejected", rows.rejected()));
    json.put("rowsPerSecond", progress.rowsPerSecond());
    if (progress.estimatedEnd() != null) {
      json.put("estimatedEnd", progress.estimatedEnd().toString());
    }
    if (reason != null) {
      json.put("reason", reason);
    }
    json.putAll(file.json());
    return json;
  }
}
