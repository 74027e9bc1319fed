package dev.couponbook.bench;

import dev.couponbook.coupon.BookId;
import java.sql.Connection;
import java.sql.SQLException;

/** The counts of a book that a yardstick has written to: they are no part of its statements. */
final class BookCounts {
  private BookCounts() {}

  private static final String CORRECT =
      """
      INSERT INTO coupon_book_delta (partner_id, book_id, free, assigned, redeemed)
      SELECT b.partner_id, b.id, counted.assigned - found.assigned, found.assigned - counted.assigned, found.redeemed - counted.redeemed
      FROM coupon_book b,
        LATERAL (SELECT count(*) FILTER (WHERE state = 'assigned') AS assigned, sum(redeemed_count) AS redeemed
                 FROM coupon WHERE book_id = b.id) AS found,
        LATERAL (SELECT sum(assigned) AS assigned, sum(redeemed) AS redeemed
                 FROM coupon_book_delta WHERE book_id = b.id) AS counted
      WHERE b.public_id = ?
      """;

  /** Makes them what the codes are, as if each use had been counted; nothing else may run. */
  static void correct(Connection connection, BookId book) throws SQLException {
    try (var insert = connection.prepareStatement(CORRECT)) {
      insert.setObject(1, book.value());
      insert.executeUpdate();
    }
  }
}
