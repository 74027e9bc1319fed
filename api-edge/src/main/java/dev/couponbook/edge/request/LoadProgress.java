package dev.couponbook.edge.request;

import dev.couponbook.store.read.ReadLoads.Load;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far a load is. */
@Schema(name = "Progress")
public record LoadProgress(
    @Schema(
            allowableValues = {
              "queued",
              "running",
              "stopped",
              "completed",
              "completed_with_rejects",
              "failed",
              "cancelled",
              "undone"
            })
        String state,
    @Schema(description = "0 to 100, never going back", example = "42.5") double percent,
    RowCounts rows,
    long rowsPerSecond,
    @Nullable Instant estimatedEnd) {

  /** Rows so far; read = accepted + duplicate + rejected. */
  @Schema(name = "Rows")
  public record RowCounts(long read, long accepted, long duplicate, long rejected) {}

  public static LoadProgress of(Load load) {
    var progress = load.progress();
    var rows = progress.rows();
    return new LoadProgress(
        progress.state().text(),
        progress.percent(),
        new RowCounts(rows.read(), rows.accepted(), rows.duplicate(), rows.rejected()),
        progress.rowsPerSecond(),
        progress.estimatedEnd());
  }
}
