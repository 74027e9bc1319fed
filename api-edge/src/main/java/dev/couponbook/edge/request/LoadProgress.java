package dev.couponbook.edge.request;

import dev.couponbook.store.read.ReadLoads.Load;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far a load is. */
@Schema(name = "Progress")
public record LoadProgress(
    @Schema(description = "0 to 100, never going back", example = "42.5") double percent,
    RowCounts rows,
    long rowsPerSecond,
    @Nullable Instant estimatedEnd) {

  /** Rows so far; read = accepted + duplicate + rejected. */
  @Schema(name = "Rows")
  public record RowCounts(long read, long accepted, long duplicate, long rejected) {}

  public static LoadProgress of(Load load) {
    var rows = load.rows();
    return new LoadProgress(
        load.percent(),
        new RowCounts(rows.read(), rows.accepted(), rows.duplicate(), rows.rejected()),
        load.rowsPerSecond(),
        load.estimatedEnd());
  }
}
