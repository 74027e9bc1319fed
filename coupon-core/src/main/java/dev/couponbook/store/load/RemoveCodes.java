package dev.couponbook.store.load;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Removes the codes of a load that were never assigned, in steps, because there may be millions.
 */
public final class RemoveCodes {
  private RemoveCodes() {}

  /** Pick numbers per step: some tens of milliseconds, in which nobody waits for its rows. */
  public static final int STEP = 20_000;

  private static final String LAST_PICK =
      "SELECT next_pick FROM coupon_book_pick WHERE book_id = ?";

  /** The pick number at which the codes of the book end. */
  public static int lastPick(Connection connection, int bookId) throws SQLException {
    return Sql.of(connection, LAST_PICK)
        .with(bookId)
        .first(row -> row.integer("next_pick"))
        .orElse(0);
  }

  // Uses the index of the book's free codes, because there is none by load. A code that is just
  // being assigned is waited for, looked at again, and stays if it was assigned.
  private static final String REMOVE =
      """
      WITH removed AS (
        DELETE FROM coupon
        WHERE book_id = ? AND state = 'free' AND pick >= ? AND pick < ? AND load_id = ?
        RETURNING 1),
      counted AS (
        UPDATE code_load
        SET rows_removed = coalesce(rows_removed, 0) + (SELECT count(*) FROM removed)
        WHERE id = ?)
      SELECT count(*) AS removed FROM removed
      """;

  /**
   * Removes the load's free codes with pick numbers from {@code firstPick} to before {@code
   * firstPick + STEP}, and counts them off the book and the load.
   *
   * @return how many were removed
   */
  public static int step(Connection connection, CodeLoad load, int firstPick) throws SQLException {
    int removed =
        Sql.of(connection, REMOVE)
            .with(load.bookId())
            .with(firstPick)
            .with(firstPick + STEP)
            .with(load.id())
            .with(load.id())
            .one(row -> row.integer("removed"));
    CopyCodes.countFree(connection, load.partner(), load.bookId(), -removed);
    return removed;
  }

  /** What is left of a load, and why. */
  public record Left(long removed, long assigned, long other) {}

  private static final String LEFT =
      """
      SELECT coalesce(l.rows_removed, 0) AS removed,
        (SELECT count(*) FROM coupon c WHERE c.book_id = l.book_id AND c.holder IS NOT NULL AND c.load_id = l.id) AS assigned,
        (SELECT coalesce(sum(p.rows_accepted), 0) FROM code_load_part p WHERE p.load_id = l.id) AS accepted
      FROM code_load l
      WHERE l.id = ?
      """;

  /** Counts what has been removed of the load, what is assigned, and the rest that was accepted. */
  public static Left left(Connection connection, int loadId) throws SQLException {
    return Sql.of(connection, LEFT)
        .with(loadId)
        .one(row -> {
          long removed = row.bigint("removed");
          long assigned = row.bigint("assigned");
          return new Left(removed, assigned, row.bigint("accepted") - removed - assigned);
        });
  }
}
