package dev.couponbook.edge.request;

import dev.couponbook.store.read.ReadLoads.Load;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far a load is. */
public record LoadProgress(
    String state,
    double percent,
    RowCounts rows,
    long rowsPerSecond,
    @Nullable Instant estimatedEnd) {

  /** Rows so far; read = accepted + duplicate + rejected. */
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
