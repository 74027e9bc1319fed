package dev.couponbook.store.read;

import static dev.couponbook.store.sql.Sql.asPartners;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.file.CountedWarning;
import dev.couponbook.file.FileLayout;
import dev.couponbook.file.FileLayout.Understood;
import dev.couponbook.file.LoadOptions;
import dev.couponbook.store.load.FileWarnings;
import dev.couponbook.store.load.OptionColumns;
import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far loads have come: files, and codes that a job makes. */
public final class ReadLoads {
  private ReadLoads() {}

  /** What was declared about a file when its upload was asked for. */
  public record Declared(
      BookId book,
      @Nullable String fileName,
      long contentLength,
      @Nullable String sha256,
      LoadOptions options) {}

  /**
   * A load at one moment.
   *
   * @param imported whether a file is read; otherwise codes are made
   * @param understood how its file is read; null before its first line was
   * @param removed rows that an undo took away; null: not undone
   * @param now the database's time, at which the progress was read
   */
  public record Load(
      int number,
      LoadId id,
      Declared declared,
      boolean imported,
      @Nullable Understood understood,
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
          SELECT l.id, l.public_id, b.public_id AS book, l.file_name, l.sha256, l.bytes_total,
                 l.kind = 'import' AS imported, l.reason, l.layout,
                 l.rows_removed, l.rejects_key, l.summary_key, l.codes_key,
          """
              + OptionColumns.OF_L
              + ", "
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

  /** The load, if it has begun; there is none for a file that has not arrived. */
  public static Optional<Load> find(Connection connection, PartnerId partner, LoadId id)
      throws SQLException {
    return Sql.seenBy(connection, partner, FIND)
        .with(id.value())
        .with(partner)
        .first(ReadLoads::load);
  }

  private static final String WARNINGS = asPartners(FileWarnings.OF_LOAD);

  /** What looked wrong in the load's file and was kept. */
  public static List<CountedWarning> warnings(Connection connection, PartnerId partner, Load load)
      throws SQLException {
    return Sql.seenBy(connection, partner, WARNINGS)
        .with(load.number())
        .list(FileWarnings::counted);
  }

  private static final String REJECTS_BY_REASON =
      asPartners(
          """
          SELECT reason, sum(rows) AS rows
          FROM code_reject_count
          WHERE load_id = ?
          GROUP BY reason
          ORDER BY reason
          """);

  /** How many rows of the load were rejected for each reason. */
  public static Map<String, Long> rejectsByReason(
      Connection connection, PartnerId partner, Load load) throws SQLException {
    var counts = new LinkedHashMap<String, Long>();
    Sql.seenBy(connection, partner, REJECTS_BY_REASON)
        .with(load.number())
        .each(row -> counts.put(row.text("reason"), row.bigint("rows")));
    return counts;
  }

  private static Load load(Row row) throws SQLException {
    return new Load(
        row.integer("id"),
        new LoadId(row.uuid("public_id")),
        new Declared(
            new BookId(row.uuid("book")),
            row.textOrNull("file_name"),
            row.bigint("bytes_total"),
            row.textOrNull("sha256"),
            OptionColumns.of(row)),
        row.flag("imported"),
        FileLayout.understood(row.textOrNull("layout")),
        row.textOrNull("reason"),
        LoadProgress.of(row),
        row.bigintOrNull("rows_removed"),
        row.textOrNull("rejects_key"),
        row.textOrNull("summary_key"),
        row.textOrNull("codes_key"),
        LoadProgress.now(row));
  }
}
