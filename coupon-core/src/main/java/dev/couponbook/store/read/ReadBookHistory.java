package dev.couponbook.store.read;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whose a book is, and what was done to it, as operators see it. */
public final class ReadBookHistory {
  private ReadBookHistory() {}

  /** The partner of a book. */
  public record Owner(PartnerId partner, String name) {}

  private static final String OWNER =
      """
      SELECT p.id, p.name
      FROM coupon_book b
      JOIN partner p ON p.id = b.partner_id
      WHERE b.public_id = ?
      """;

  /** The partner of the book of this id, whichever it is. */
  public static Optional<Owner> owner(Connection connection, BookId book) throws SQLException {
    return Sql.of(connection, OWNER)
        .with(book.value())
        .first(row -> new Owner(new PartnerId(row.integer("id")), row.text("name")));
  }

  /**
   * A change of a book.
   *
   * @param version the one that it made
   * @param asked the command, as JSON
   */
  public record BookChange(int version, Instant at, RequestId request, String asked) {}

  private static final String CHANGES =
      """
      SELECT c.version, c.at, c.request_id, c.asked::text AS asked
      FROM coupon_book_change c
      JOIN coupon_book b ON b.partner_id = c.partner_id AND b.id = c.book_id
      WHERE b.partner_id = ?
        AND b.public_id = ?
      ORDER BY c.version DESC
      LIMIT ?
      """;

  /** The changes of the partner's book, the newest first. */
  public static List<BookChange> changes(
      Connection connection, PartnerId partner, BookId book, int limit) throws SQLException {
    return Sql.of(connection, CHANGES)
        .with(partner)
        .with(book.value())
        .with(limit)
        .list(row ->
            new BookChange(
                row.integer("version"),
                row.instant("at"),
                new RequestId(row.uuid("request_id")),
                row.text("asked")));
  }
}
