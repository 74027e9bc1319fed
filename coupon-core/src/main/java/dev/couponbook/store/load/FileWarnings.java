package dev.couponbook.store.load;

import dev.couponbook.file.CountedWarning;
import dev.couponbook.file.FileWarning;
import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What looked like a mistake in a file, was kept, and is counted. */
public final class FileWarnings {
  private FileWarnings() {}

  private static final String ADD =
      """
      INSERT INTO code_warning_count (load_id, part, warning, rows, example)
      SELECT ?, ?, warning, rows, example
      FROM unnest(?::text[], ?::bigint[], ?::text[]) AS counted (warning, rows, example)
      ON CONFLICT (load_id, part, warning) DO UPDATE SET rows = code_warning_count.rows + excluded.rows
      """;

  /** Adds the warnings of a chunk, in the caller's transaction. */
  public static void add(Connection connection, int loadId, int part, List<CountedWarning> counted)
      throws SQLException {
    if (!counted.isEmpty()) {
      Sql.of(connection, ADD)
          .with(loadId)
          .with(part)
          .texts(counted, warning -> warning.warning().code())
          .bigints(counted, CountedWarning::rows)
          .texts(counted, CountedWarning::example)
          .update();
    }
  }

  /** The warnings of a load, for {@link #counted(Row)}; the commonest first. */
  public static final String OF_LOAD =
      """
      SELECT warning, sum(rows) AS rows, (array_agg(example ORDER BY part))[1] AS example
      FROM code_warning_count
      WHERE load_id = ?
      GROUP BY warning
      ORDER BY sum(rows) DESC, warning
      """;

  public static CountedWarning counted(Row row) throws SQLException {
    return new CountedWarning(
        FileWarning.ofCode(row.text("warning")), row.bigint("rows"), row.text("example"));
  }

  /** What looked wrong in the file of a load. */
  public static List<CountedWarning> ofLoad(Connection connection, int loadId) throws SQLException {
    return Sql.of(connection, OF_LOAD).with(loadId).list(FileWarnings::counted);
  }
}
