package dev.couponbook.store.read;

import static dev.couponbook.store.sql.PartnerStatement.asPartners;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.store.sql.PartnerStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How far loads are: files, and codes that a job makes. */
public final class ReadLoads {
  private ReadLoads() {}

  /** RowCounts of a load; read = accepted + duplicate + rejected. */
  public record RowCounts(long read, long accepted, long duplicate, long rejected) {}

  /** What was declared of a file when its upload was asked for. */
  public record Declared(
      BookId book,
      @Nullable String fileName,
      long contentLength,
      @Nullable String sha256,
      String onDuplicate,
      boolean dryRun,
      @Nullable Instant expiration) {}

  /**
   * A load at one moment.
   *
   * @param imported whether a file is read; otherwise codes are made
   * @param state as {@code load_state} spells it
   * @param done of {@code whole}: bytes of a file, rows of a generation
   * @param removed rows that an undo took away; null: not undone
   * @param elapsed since it started, to its end or to now
   */
  public record Load(
      int number,
      LoadId id,
      Declared declared,
      boolean imported,
      String state,
      @Nullable String reason,
      RowCounts rows,
      long done,
      long whole,
      @Nullable Long removed,
      @Nullable String rejectsKey,
      @Nullable String summaryKey,
      @Nullable String codesKey,
      Instant now,
      Duration elapsed) {

    public boolean isRunning() {
      return state.equals("running");
    }

    /** From 0 to 100; 100 only for a load that came to its end. */
    public double percent() {
      return switch (state) {
        case "completed", "completed_with_rejects", "undone" -> 100;
        default -> whole == 0 ? 0 : Math.min(99.9, Math.floor(1000.0 * done / whole) / 10);
      };
    }

    public long rowsPerSecond() {
      long millis = elapsed.toMillis();
      return millis == 0 ? 0 : rows.read * 1000 / millis;
    }

    /** When the load ends if it goes on at its pace so far; null: unknown or over. */
    public @Nullable Instant estimatedEnd() {
      if (!isRunning() || done == 0 || whole <= done) {
        return null;
      }
      double rest = (double) (whole - done) / done;
      return now.plusMillis(Math.round(elapsed.toMillis() * rest));
    }
  }

  // Ranges and rows are summed over the parts, each of which commits with the rows it speaks of.
  private static final String FIND =
      asPartners(
          """
          SELECT l.id, l.public_id, b.public_id AS book, l.file_name, l.sha256, l.bytes_total,
                 l.on_duplicate, l.dry_run, l.default_expires_at,
                 l.kind = 'import' AS imported, l.state, l.reason,
                 p.read, p.accepted, p.duplicate, p.rejected,
                 CASE WHEN l.kind = 'import' THEN p.bytes ELSE p.accepted END AS done,
                 CASE WHEN l.kind = 'import' THEN l.bytes_total ELSE coalesce(l.rows_expected, 0) END AS whole,
                 l.rows_removed, l.rejects_key, l.summary_key, l.codes_key,
                 t.now,
                 coalesce(extract(epoch FROM coalesce(l.finished_at, t.now) - l.started_at), 0) AS elapsed
          FROM code_load l
          JOIN coupon_book b ON b.id = l.book_id
          CROSS JOIN (SELECT coupon_clock() AS now) t
          CROSS JOIN LATERAL (
            SELECT coalesce(sum(rows_read), 0) AS read,
                   coalesce(sum(rows_accepted), 0) AS accepted,
                   coalesce(sum(rows_duplicate), 0) AS duplicate,
                   coalesce(sum(rows_rejected), 0) AS rejected,
                   coalesce(sum(bytes), 0) AS bytes
            FROM code_load_part
            WHERE load_id = l.id) p
          WHERE l.public_id = ?
            AND l.partner_id = ?
          """);

  /** The load, if it has begun: of a file that has not come there is nothing to read. */
  public static Optional<Load> find(Connection connection, PartnerId partner, LoadId id)
      throws SQLException {
    try (var statement =
            PartnerStatement.prepare(connection, FIND, partner).with(id.value()).with(partner);
        var rows = statement.rows()) {
      return rows.next() ? Optional.of(load(rows)) : Optional.empty();
    }
  }

  private static final String REJECTS_BY_REASON =
      asPartners(
          """
          SELECT reason, sum(rows)
          FROM code_reject_count
          WHERE load_id = ?
          GROUP BY reason
          ORDER BY reason
          """);

  /** How many rows of the load were rejected for each reason. */
  public static Map<String, Long> rejectsByReason(
      Connection connection, PartnerId partner, Load load) throws SQLException {
    try (var statement =
            PartnerStatement.prepare(connection, REJECTS_BY_REASON, partner).with(load.number());
        var rows = statement.rows()) {
      var counts = new LinkedHashMap<String, Long>();
      while (rows.next()) {
        counts.put(rows.getString(1), rows.getLong(2));
      }
      return counts;
    }
  }

  private static Load load(ResultSet row) throws SQLException {
    return new Load(
        row.getInt("id"),
        new LoadId(row.getObject("public_id", UUID.class)),
        new Declared(
            new BookId(row.getObject("book", UUID.class)),
            row.getString("file_name"),
            row.getLong("bytes_total"),
            row.getString("sha256"),
            row.getString("on_duplicate"),
            row.getBoolean("dry_run"),
            instant(row.getObject("default_expires_at", OffsetDateTime.class))),
        row.getBoolean("imported"),
        row.getString("state"),
        row.getString("reason"),
        new RowCounts(
            row.getLong("read"),
            row.getLong("accepted"),
            row.getLong("duplicate"),
            row.getLong("rejected")),
        row.getLong("done"),
        row.getLong("whole"),
        row.getObject("rows_removed", Long.class),
        row.getString("rejects_key"),
        row.getString("summary_key"),
        row.getString("codes_key"),
        row.getObject("now", OffsetDateTime.class).toInstant(),
        Duration.ofMillis(Math.round(row.getDouble("elapsed") * 1000)));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
