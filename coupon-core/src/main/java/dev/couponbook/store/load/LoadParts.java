package dev.couponbook.store.load;

import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The parts of a load and how far each has come. A part's position moves in the transaction that
 * writes the rows before it.
 */
public final class LoadParts {
  private LoadParts() {}

  /**
   * A part.
   *
   * @param from where its range begins: a byte of the file, or a counter of the generator
   * @param to where it ends; lines that begin before it are its own
   * @param position where to resume
   * @param lines how many lines of the file it has read
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
      long duplicatesInFile,
      long duplicatesInOtherBooks) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);
  }

  /**
   * A new part.
   *
   * @param part its number
   * @param from where its range begins
   * @param to where its range ends
   * @param linesBefore lines before the range that no other part counts
   */
  public record NewPart(int part, long from, long to, long linesBefore) {
    /** The same part with another end. */
    public NewPart endingAt(long end) {
      return new NewPart(part, from, end, linesBefore);
    }
  }

  private static final String CREATE =
      """
      INSERT INTO code_load_part (load_id, part, partner_id, range_from, range_to, position, lines)
      SELECT l.id, new.part, l.partner_id, new.low, new.high, new.low, new.lines_before
      FROM unnest(?::integer[], ?::bigint[], ?::bigint[], ?::bigint[]) AS new (part, low, high, lines_before)
      JOIN code_load l ON l.id = ?
      ON CONFLICT (load_id, part) DO NOTHING
      """;

  /**
   * Creates parts of the load; those that exist stay as they are.
   *
   * @return whether there was one to create
   */
  public static boolean create(Connection connection, int loadId, List<NewPart> parts)
      throws SQLException {
    return Sql.of(connection, CREATE)
            .integers(parts, NewPart::part)
            .bigints(parts, NewPart::from)
            .bigints(parts, NewPart::to)
            .bigints(parts, NewPart::linesBefore)
            .with(loadId)
            .update()
        > 0;
  }

  private static final String COLUMNS =
      """
      load_id, part, range_from, range_to, position, lines, bytes,
      rows_read, rows_accepted, rows_duplicate, rows_rejected, duplicates_in_file, duplicates_in_other_books
      """;

  private static final String OF_LOAD =
      "SELECT " + COLUMNS + " FROM code_load_part WHERE load_id = ? ORDER BY part";

  /** All parts of the load, in their order. */
  public static List<Part> ofLoad(Connection connection, int loadId) throws SQLException {
    return Sql.of(connection, OF_LOAD).with(loadId).list(LoadParts::part);
  }

  private static final String ONE =
      "SELECT " + COLUMNS + " FROM code_load_part WHERE load_id = ? AND part = ?";

  /**
   * One part of the load.
   *
   * @throws IllegalStateException if the load has no such part
   */
  public static Part one(Connection connection, int loadId, int part) throws SQLException {
    return Sql.of(connection, ONE)
        .with(loadId)
        .with(part)
        .first(LoadParts::part)
        .orElseThrow(() -> new IllegalStateException("load " + loadId + " has no part " + part));
  }

  private static final String ADVANCE =
      """
      UPDATE code_load_part
      SET position = ?, lines = lines + ?, bytes = bytes + ?, rows_read = rows_read + ?, rows_accepted = rows_accepted + ?,
        rows_duplicate = rows_duplicate + ?, rows_rejected = rows_rejected + ?,
        duplicates_in_file = duplicates_in_file + ?, duplicates_in_other_books = duplicates_in_other_books + ?,
        updated_at = coupon_clock()
      WHERE load_id = ? AND part = ?
        -- While this process was thought dead, another one may have gone on from here.
        AND position = ?
      """;

  /** A move of a part: from one position to the next, over this many lines and bytes. */
  public record Move(long from, long to, long lines, long bytes) {}

  /**
   * Moves the part and adds to its counts.
   *
   * @return false if the part is at another position: nothing was changed, and the caller must let
   *     go of it
   */
  public static boolean advance(
      Connection connection, int loadId, int part, Move move, Counts counts) throws SQLException {
    return Sql.of(connection, ADVANCE)
            .with(move.to())
            .with(move.lines())
            .with(move.bytes())
            .with(counts.read())
            .with(counts.accepted())
            .with(counts.duplicate())
            .with(counts.rejected())
            .with(counts.duplicatesInFile())
            .with(counts.duplicatesInOtherBooks())
            .with(loadId)
            .with(part)
            .with(move.from())
            .update()
        == 1;
  }

  private static final String TOTALS =
      """
      SELECT coalesce(sum(rows_read), 0) AS rows_read, coalesce(sum(rows_accepted), 0) AS rows_accepted,
        coalesce(sum(rows_duplicate), 0) AS rows_duplicate, coalesce(sum(rows_rejected), 0) AS rows_rejected,
        coalesce(sum(duplicates_in_file), 0) AS duplicates_in_file, coalesce(sum(duplicates_in_other_books), 0) AS duplicates_in_other_books
      FROM code_load_part
      WHERE load_id = ?
      """;

  /** The counts of all parts together. */
  public static Counts totals(Connection connection, int loadId) throws SQLException {
    return Sql.of(connection, TOTALS).with(loadId).one(LoadParts::counts);
  }

  private static Part part(Row row) throws SQLException {
    return new Part(
        row.integer("load_id"),
        row.integer("part"),
        row.bigint("range_from"),
        row.bigint("range_to"),
        row.bigint("position"),
        row.bigint("lines"),
        row.bigint("bytes"),
        counts(row));
  }

  private static Counts counts(Row row) throws SQLException {
    return new Counts(
        row.bigint("rows_read"),
        row.bigint("rows_accepted"),
        row.bigint("rows_duplicate"),
        row.bigint("rows_rejected"),
        row.bigint("duplicates_in_file"),
        row.bigint("duplicates_in_other_books"));
  }
}
