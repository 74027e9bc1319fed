package dev.couponbook.store.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a load and how far each has come. A part's position moves in the transaction of the
 * rows that it speaks of.
 */
public final class LoadParts {
  private LoadParts() {}

  /**
   * A part.
   *
   * @param from where its range begins: a byte of the file, or a counter of the generator
   * @param to where it ends; lines that begin before it are its own
   * @param position where to go on
   * @param lines how many lines of the file it has passed
   * @param bytes how many bytes of the object: those of a compressed file, not of its text
   */
  public record Part(
      int loadId,
      int part,
      long from,
      long to,
      long position,
      long lines,
      long bytes,
      Counts counts) {
    public boolean isDone() {
      return position >= to;
    }
  }

  /** Rows by what became of them: read is the sum of the others. */
  public record Counts(
      long read,
      long accepted,
      long duplicate,
      long rejected,
      long twinsInFile,
      long twinsInOtherBooks) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);
  }

  /**
   * A part to be.
   *
   * @param part its number
   * @param from where its range begins
   * @param to where its range ends
   * @param linesBefore lines before the range that no other part counts
   */
  public record NewPart(int part, long from, long to, long linesBefore) {}

  private static final String CREATE =
      """
      INSERT INTO code_load_part (load_id, part, partner_id, range_from, range_to, position, lines)
      SELECT id, ?, partner_id, ?, ?, ?, ?
      FROM code_load
      WHERE id = ?
      ON CONFLICT (load_id, part) DO NOTHING
      """;

  /** Creates parts of the load; those that exist stay as they are. */
  public static void create(Connection connection, int loadId, List<NewPart> parts)
      throws SQLException {
    try (var statement = connection.prepareStatement(CREATE)) {
      for (var part : parts) {
        statement.setInt(1, part.part());
        statement.setLong(2, part.from());
        statement.setLong(3, part.to());
        statement.setLong(4, part.from());
        statement.setLong(5, part.linesBefore());
        statement.setInt(6, loadId);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static final String COLUMNS =
      """
      load_id, part, range_from, range_to, position, lines, bytes,
      rows_read, rows_accepted, rows_duplicate, rows_rejected, twins_in_file, twins_in_other_books
      """;

  private static final String OF_LOAD =
      "SELECT " + COLUMNS + " FROM code_load_part WHERE load_id = ? ORDER BY part";

  public static List<Part> ofLoad(Connection connection, int loadId) throws SQLException {
    try (var statement = connection.prepareStatement(OF_LOAD)) {
      statement.setInt(1, loadId);
      var row = statement.executeQuery();
      var parts = new ArrayList<Part>();
      while (row.next()) {
        parts.add(part(row));
      }
      return parts;
    }
  }

  private static final String ONE =
      "SELECT " + COLUMNS + " FROM code_load_part WHERE load_id = ? AND part = ?";

  public static Part one(Connection connection, int loadId, int part) throws SQLException {
    try (var statement = connection.prepareStatement(ONE)) {
      statement.setInt(1, loadId);
      statement.setInt(2, part);
      var row = statement.executeQuery();
      if (!row.next()) {
        throw new IllegalStateException("load " + loadId + " has no part " + part);
      }
      return part(row);
    }
  }

  private static final String ADVANCE =
      """
      UPDATE code_load_part
      SET position = ?, lines = lines + ?, bytes = bytes + ?, rows_read = rows_read + ?, rows_accepted = rows_accepted + ?,
        rows_duplicate = rows_duplicate + ?, rows_rejected = rows_rejected + ?,
        twins_in_file = twins_in_file + ?, twins_in_other_books = twins_in_other_books + ?,
        updated_at = coupon_clock()
      WHERE load_id = ? AND part = ?
        AND position = ? -- another process may have gone on from here while this one was thought dead
      """;

  /** A move of a part: from one position to the next, over so many lines and bytes. */
  public record Move(long from, long to, long lines, long bytes) {}

  /**
   * Moves the part and adds to its counts.
   *
   * @return false if the part is somewhere else: nothing was changed, and the caller must let go
   */
  public static boolean advance(
      Connection connection, int loadId, int part, Move move, Counts counts) throws SQLException {
    try (var statement = connection.prepareStatement(ADVANCE)) {
      statement.setLong(1, move.to());
      statement.setLong(2, move.lines());
      statement.setLong(3, move.bytes());
      statement.setLong(4, counts.read());
      statement.setLong(5, counts.accepted());
      statement.setLong(6, counts.duplicate());
      statement.setLong(7, counts.rejected());
      statement.setLong(8, counts.twinsInFile());
      statement.setLong(9, counts.twinsInOtherBooks());
      statement.setInt(10, loadId);
      statement.setInt(11, part);
      statement.setLong(12, move.from());
      return statement.executeUpdate() == 1;
    }
  }

  private static final String TOTALS =
      """
      SELECT coalesce(sum(rows_read), 0), coalesce(sum(rows_accepted), 0), coalesce(sum(rows_duplicate), 0),
        coalesce(sum(rows_rejected), 0), coalesce(sum(twins_in_file), 0), coalesce(sum(twins_in_other_books), 0)
      FROM code_load_part
      WHERE load_id = ?
      """;

  /** The counts of all parts together. */
  public static Counts totals(Connection connection, int loadId) throws SQLException {
    try (var statement = connection.prepareStatement(TOTALS)) {
      statement.setInt(1, loadId);
      var row = statement.executeQuery();
      row.next();
      return counts(row, 1);
    }
  }

  private static Part part(ResultSet row) throws SQLException {
    return new Part(
        row.getInt(1),
        row.getInt(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        counts(row, 8));
  }

  private static Counts counts(ResultSet row, int first) throws SQLException {
    return new Counts(
        row.getLong(first),
        row.getLong(first + 1),
        row.getLong(first + 2),
        row.getLong(first + 3),
        row.getLong(first + 4),
        row.getLong(first + 5));
  }
}
