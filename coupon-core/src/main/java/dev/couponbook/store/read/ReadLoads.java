package dev.couponbook.store.read;

import static dev.couponbook.store.sql.PartnerStatement.asPartners;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.store.sql.PartnerStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
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
   * @param removed rows that an undo took away; null: not undone
   * @param now the database's time, at which the progress was read
   */
  public record Load(
      int number,
      LoadId id,
      Declared declared,
      boolean imported,
      @Nullable String reason,
      LoadProgress progress,
      @Nullable Long removed,
      @Nullable String rejectsKey,
      @Nullable String summaryKey,
      @Nullable String codesKey,
      Instant now) {}

  private static final String FIND =
      asPartners(
          """
          SELECT l.id, l.public_id, b.public_id AS book, l.file_name, l.sha256, l.on_duplicate,
                 l.bytes_total, l.dry_run, l.default_expires_at, l.kind = 'import' AS imported, l.reason,
                 l.rows_removed, l.rejects_key, l.summary_key, l.codes_key,
          """
              + LoadProgress.COLUMNS
              + """
              FROM code_load l
              JOIN coupon_book b ON b.id = l.book_id
              """
              + LoadProgress.SOURCES
              + """
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
        row.getString("reason"),
        LoadProgress.of(row),
        row.getObject("rows_removed", Long.class),
        row.getString("rejects_key"),
        row.getString("summary_key"),
        row.getString("codes_key"),
        LoadProgress.now(row));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
