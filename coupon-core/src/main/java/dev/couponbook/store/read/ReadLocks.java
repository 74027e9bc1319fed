package dev.couponbook.store.read;

import dev.couponbook.coupon.BookId;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** Locks as the tables have them, for operators. */
public final class ReadLocks {
  private ReadLocks() {}

  private static final String ROWS =
      """
      SELECT count(*) AS locks
      FROM coupon_lock l
      JOIN coupon_book b ON b.id = l.book_id
      WHERE b.public_id = ?
      """;

  /** How many locks of the book have a row, including expired ones that no sweep has removed. */
  public static long rows(Connection connection, BookId book) throws SQLException {
    return Sql.of(connection, ROWS).with(book.value()).one(row -> row.bigint("locks"));
  }
}
