package dev.couponbook.store.load;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rows of files that could not become codes, and why. */
public final class RejectedRows {
  private RejectedRows() {}

  /**
   * A refused row.
   *
   * @param line in its part, from 0
   * @param raw the line as it came, without characters that a database cannot store; only the
   *     beginning of an over-long line
   */
  public record RejectedRow(long line, long offset, String reason, String raw) {}

  private static final String ADD =
      """
      COPY code_reject (load_id, part, line, byte_offset, reason, raw)
      FROM STDIN (FORMAT binary)
      """;

  /** Adds rejects of a chunk, and adds them up by reason, in the caller's transaction. */
  public static void add(Connection connection, int loadId, int part, List<RejectedRow> rows)
      throws SQLException {
    if (!rows.isEmpty()) {
      count(connection, loadId, part, rows);
      BinaryCopy.run(
          connection,
          ADD,
          copy -> {
            for (var row : rows) {
              copy.row(6);
              copy.integer(loadId);
              copy.integer(part);
              copy.bigint(row.line());
              copy.bigint(row.offset());
              copy.text(row.reason());
              copy.text(row.raw());
            }
          });
    }
  }

  private static final String COUNT =
      """
      INSERT INTO code_reject_count (load_id, part, reason, rows)
      SELECT ?, ?, reason, rows FROM unnest(?::text[], ?::bigint[]) AS counted (reason, rows)
      ON CONFLICT (load_id, part, reason) DO UPDATE SET rows = code_reject_count.rows + excluded.rows
      """;

  private static void count(Connection connection, int loadId, int part, List<RejectedRow> rows)
      throws SQLException {
    var byReason =
        rows.stream()
            .collect(
                Collectors.groupingBy(RejectedRow::reason, TreeMap::new, Collectors.counting()));
    Sql.of(connection, COUNT)
        .with(loadId)
        .with(part)
        .texts(byReason.entrySet(), Map.Entry::getKey)
        .bigints(byReason.entrySet(), Map.Entry::getValue)
        .update();
  }

  private static final String PAGE =
      """
      SELECT line, byte_offset, reason, raw
      FROM code_reject
      WHERE load_id = ? AND part = ? AND line > ?
      ORDER BY line
      LIMIT ?
      """;

  /** The part's rejects after a line, in their order; -1: from the beginning. */
  public static List<RejectedRow> page(
      Connection connection, int loadId, int part, long afterLine, int limit) throws SQLException {
    return Sql.of(connection, PAGE)
        .with(loadId)
        .with(part)
        .with(afterLine)
        .with(limit)
        .list(row ->
            new RejectedRow(
                row.bigint("line"),
                row.bigint("byte_offset"),
                row.text("reason"),
                row.text("raw")));
  }

  private static final String ANY_WITH_MORE =
      """
      SELECT EXISTS (
        SELECT FROM code_reject
        WHERE load_id = ? AND length(raw) - length(replace(raw, ?, '')) >= ?) AS found
      """;

  /** Whether a row may have more fields than this; quotes are not looked at. */
  public static boolean anyHasMoreFields(
      Connection connection, int loadId, char delimiter, int fields) throws SQLException {
    return Sql.of(connection, ANY_WITH_MORE)
        .with(loadId)
        .with(Character.toString(delimiter))
        .with(fields)
        .one(row -> row.flag("found"));
  }

  private static final String BY_REASON =
      """
      SELECT reason, sum(rows) AS rows
      FROM code_reject_count
      WHERE load_id = ?
      GROUP BY reason
      ORDER BY sum(rows) DESC, reason
      """;

  /** How many rows were refused for each reason, the commonest first. */
  public static Map<String, Long> byReason(Connection connection, int loadId) throws SQLException {
    var counts = new LinkedHashMap<String, Long>();
    Sql.of(connection, BY_REASON)
        .with(loadId)
        .each(row -> counts.put(row.text("reason"), row.bigint("rows")));
    return counts;
  }
}
