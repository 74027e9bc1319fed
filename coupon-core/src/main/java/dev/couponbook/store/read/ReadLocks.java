package dev.couponbook.store.read;

import dev.couponbook.coupon.BookId;
import java.sql.Connection;
import java.sql.SQLException;

/** Locks as the tables have them, for operators. */
public final class ReadLocks {
  private ReadLocks() {}

  private static final String ROWS =
      """
      SELECT count(*)
      FROM coupon_lock l
      JOIN coupon_book b ON b.id = l.book_id
      WHERE b.public_id = ?
      """;

  /** How many locks of the book have a row, also those past their time that no sweep has seen. */
  public static long rows(Connection connection, BookId book) throws SQLException {
    try (var statement = connection.prepareStatement(ROWS)) {
      statement.setObject(1, book.value());
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
