package dev.couponbook.cli.load;

import dev.couponbook.cli.terminal.Durations;
import dev.couponbook.cli.terminal.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How far a load is: what a partner polls and what ops reads from the tables look the same here.
 */
public record LoadState(
    String state,
    double percent,
    long read,
    long accepted,
    long duplicate,
    long rejected,
    long rowsPerSecond,
    @Nullable Instant estimatedEnd,
    @Nullable String reason) {

  /** From the answer of {@code GET /coupons/codes/uploads/{id}}. */
  static LoadState of(JsonNode upload) {
    var rows = upload.path("rows");
    var end = upload.path("estimatedEnd").asString("");
    var reason = upload.path("reason").asString("");
    return new LoadState(
        upload.path("state").asString(""),
        upload.path("percent").asDouble(0),
        rows.path("read").asLong(0),
        rows.path("accepted").asLong(0),
        rows.path("duplicate").asLong(0),
        rows.path("rejected").asLong(0),
        upload.path("rowsPerSecond").asLong(0),
        end.isEmpty() ? null : Instant.parse(end),
        reason.isEmpty() ? null : reason);
  }

  public boolean isOver() {
    return switch (state) {
      case "completed", "completed_with_rejects", "failed", "cancelled", "undone", "stopped" ->
          true;
      default -> false;
    };
  }

  int exitCode() {
    return switch (state) {
      case "completed" -> ExitCode.DONE;
      case "completed_with_rejects" -> ExitCode.DONE_WITH_REJECTS;
      case "cancelled", "undone", "stopped" -> ExitCode.STOPPED;
      default -> ExitCode.FAILED;
    };
  }

  /** For people: one line. */
  public String line() {
    return line("");
  }

  /**
   * @param rateNow said behind the average rate; may be empty
   */
  public String line(String rateNow) {
    var end =
        estimatedEnd == null || isOver()
            ? ""
            : ", ends in " + Durations.text(Duration.between(Instant.now(), estimatedEnd));
    return String.format(
        Locale.ROOT,
        "%s, %,d read, %,d accepted, %,d duplicate, %,d rejected, %,d rows/s%s%s%s",
        state,
        read,
        accepted,
        duplicate,
        rejected,
        rowsPerSecond,
        rateNow,
        end,
        reason == null ? "" : ": " + reason);
  }

  /**
   * For people, beside a bar that says by itself how far the load is and when it ends: what fits
   * into the rest of a line of a terminal, the most wanted first.
   */
  String brief(String rateNow) {
    var brief = new StringBuilder(state.equals("running") ? "" : state + ", ");
    brief.append(String.format(Locale.ROOT, "%,d rows/s%s", rowsPerSecond, rateNow));
    if (rejected > 0) {
      brief.append(String.format(Locale.ROOT, ", %,d rejected", rejected));
    }
    if (duplicate > 0) {
      brief.append(String.format(Locale.ROOT, ", %,d duplicate", duplicate));
    }
    return brief.toString();
  }

  /** For scripts. */
  Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("state", state);
    json.put("percent", percent);
    json.put(
        "rows",
        Map.of("read", read, "accepted", accepted, "duplicate", duplicate, "rejected", rejected));
    json.put("rowsPerSecond", rowsPerSecond);
    if (estimatedEnd != null) {
      json.put("estimatedEnd", estimatedEnd.toString());
    }
    if (reason != null) {
      json.put("reason", reason);
    }
    return json;
  }
}
