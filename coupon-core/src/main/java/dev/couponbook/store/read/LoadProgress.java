package dev.couponbook.store.read;

import dev.couponbook.store.sql.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a load has come at one moment. Percent, pace and end are worked out here only, so that a
 * partner and an operator who look at the same load see the same.
 *
 * @param percent from 0 to 100, in tenths; 100 only for a load that came to its end
 * @param rowsPerSecond on average since the load started
 * @param estimatedEnd when the load ends if it keeps its pace so far; null if it is not running, if
 *     no chunk of it came for a while, or if it has nothing to estimate from yet
 */
public record LoadProgress(
    LoadState state,
    double percent,
    RowCounts rows,
    long rowsPerSecond,
    @Nullable Instant estimatedEnd) {

  // A chunk of a busy part takes some seconds. After more, perhaps nobody works on the load.
  private static final Duration LONGEST_CHUNK = Duration.ofSeconds(15);

  /** The rows of a load so far; read = accepted + duplicate + rejected. */
  public record RowCounts(long read, long accepted, long duplicate, long rejected) {}

  /**
   * Works out the progress.
   *
   * @param done of {@code whole}: bytes of a file, rows of a generation
   * @param elapsed since the load started, to its end or to {@code now}
   * @param silent since its last chunk
   */
  static LoadProgress of(
      LoadState state,
      RowCounts rows,
      long done,
      long whole,
      Duration elapsed,
      Duration silent,
      Instant now) {
    long millis = elapsed.toMillis();
    return new LoadProgress(
        state,
        percent(state, done, whole),
        rows,
        millis == 0 ? 0 : rows.read() * 1000 / millis,
        silent.compareTo(LONGEST_CHUNK) > 0
            ? null
            : estimatedEnd(state, done, whole, elapsed, now));
  }

  /** The same without an estimate, for who knows that nobody works on the load. */
  public LoadProgress withoutEnd() {
    return new LoadProgress(state, percent, rows, rowsPerSecond, null);
  }

  private static double percent(LoadState state, long done, long whole) {
    return switch (state) {
      case COMPLETED, COMPLETED_WITH_REJECTS, UNDONE -> 100;
      // Rounded down, and below 100 until the last step is over: percent never goes back.
      case AWAITING_FILE, EXPIRED, QUEUED, RUNNING, STOPPED, FAILED, CANCELLED ->
          whole == 0 ? 0 : Math.min(99.9, Math.floor(1000.0 * done / whole) / 10);
    };
  }

  private static @Nullable Instant estimatedEnd(
      LoadState state, long done, long whole, Duration elapsed, Instant now) {
    if (state != LoadState.RUNNING || done <= 0 || whole <= done) {
      return null;
    }
    double rest = (double) (whole - done) / done;
    return now.plusMillis(Math.round(elapsed.toMillis() * rest));
  }

  /** The columns that {@link #of(Row)} reads, from {@code code_load l} and {@link #SOURCES}. */
  static final String COLUMNS =
      """
      -- A load that ended while it was stopped has ended.
      CASE WHEN l.held_at IS NOT NULL AND l.state IN ('queued', 'running') THEN 'stopped'
           ELSE l.state::text END AS state,
      parts.read, parts.accepted, parts.duplicate, parts.rejected,
      CASE WHEN l.kind = 'import' THEN parts.bytes ELSE parts.accepted END AS done,
      CASE WHEN l.kind = 'import' THEN l.bytes_total ELSE coalesce(l.rows_expected, 0) END AS whole,
      clock.now,
      coalesce(extract(epoch FROM coalesce(l.finished_at, clock.now) - l.started_at), 0) AS elapsed,
      coalesce(extract(epoch FROM clock.now - parts.last_chunk), 0) AS silent
      """;

  // Ranges and rows are summed over the parts, each of which commits together with the rows
  // that it counts.
  static final String SOURCES =
      """
      CROSS JOIN (SELECT coupon_clock() AS now) clock
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(rows_read), 0) AS read,
               coalesce(sum(rows_accepted), 0) AS accepted,
               coalesce(sum(rows_duplicate), 0) AS duplicate,
               coalesce(sum(rows_rejected), 0) AS rejected,
               coalesce(sum(bytes), 0) AS bytes,
               max(updated_at) AS last_chunk
        FROM code_load_part
        WHERE load_id = l.id) parts
      """;

  static LoadProgress of(Row row) throws SQLException {
    return of(
        state(row.text("state")),
        new RowCounts(
            row.bigint("read"),
            row.bigint("accepted"),
            row.bigint("duplicate"),
            row.bigint("rejected")),
        row.bigint("done"),
        row.bigint("whole"),
        elapsed(row),
        Duration.ofMillis(Math.round(row.number("silent") * 1000)),
        now(row));
  }

  private static LoadState state(String text) {
    return LoadState.of(text)
        .orElseThrow(() -> new IllegalStateException("unknown state of a load: " + text));
  }

  /** The time from the load's start to its end, or to now. */
  static Duration elapsed(Row row) throws SQLException {
    return Duration.ofMillis(Math.round(row.number("elapsed") * 1000));
  }

  static Instant now(Row row) throws SQLException {
    return row.instant("now");
  }
}
