package dev.couponbook.store.read;

import static dev.couponbook.store.sql.Sql.asPartners;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.BookTerms;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.store.batch.Books;
import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A partner's books as the edge shows them; all under row-level security. */
public final class ReadBooks {
  private ReadBooks() {}

  /**
   * A book.
   *
   * @param number of the book within this database, never shown as it is
   * @param metadata the partner's own JSON, as text
   * @param version counts its changes, from 1
   */
  public record ListedBook(
      int number,
      BookId id,
      String name,
      BookTerms terms,
      @Nullable String metadata,
      Instant createdAt,
      BookState state,
      int version) {}

  /**
   * A book's codes by state; locked ones are among the assigned, and so are those that an order has
   * made void ({@code blocked}).
   */
  public record Counts(
      long free, long assigned, long voided, long redeemed, long locked, long blocked) {
    public long total() {
      return free + assigned + voided;
    }
  }

  public record CountedBook(ListedBook book, Counts counts) {}

  /**
   * A code that a user holds.
   *
   * @param lockedUntil the end of its lock, if one is alive
   * @param blockedAt when an order made it void; null: none did
   */
  public record UsersCode(
      CouponCode code,
      @Nullable Instant expiration,
      int redeemedCount,
      @Nullable Instant lockedUntil,
      @Nullable Instant blockedAt) {}

  private static final String LIST =
      asPartners(
          """
          SELECT b.id, b.public_id, b.name, b.metadata, b.created_at, b.version, %s, %s
          FROM coupon_book b
          WHERE b.partner_id = ?
            AND b.id > coalesce((SELECT id FROM coupon_book WHERE public_id = ?), 0)
          ORDER BY b.id
          LIMIT ?
          """
              .formatted(Books.STATE, Books.TERMS));

  /**
   * The partner's books in the order in which they were created.
   *
   * @param after the last book of the page before; null: from the first
   */
  public static List<ListedBook> list(
      Connection connection, PartnerId partner, @Nullable BookId after, int limit)
      throws SQLException {
    return Sql.seenBy(connection, partner, LIST)
        .with(partner)
        .with(after == null ? null : after.value())
        .with(limit)
        .list(ReadBooks::book);
  }

  private static final String NUMBER =
      asPartners(
          """
          SELECT b.id, %s
          FROM coupon_book b
          WHERE b.public_id = ?
            AND b.partner_id = ?
          """
              .formatted(Books.STATE));

  /** A book's number, and whether anything new comes of it. */
  public record NumberedBook(int number, BookState state) {}

  /** The book's number and state, if the partner has such a book. */
  public static Optional<NumberedBook> number(Connection connection, PartnerId partner, BookId book)
      throws SQLException {
    return Sql.seenBy(connection, partner, NUMBER)
        .with(book.value())
        .with(partner)
        .first(row -> new NumberedBook(row.integer("id"), Books.state(row)));
  }

  private static final String ID =
      asPartners(
          """
          SELECT public_id
          FROM coupon_book
          WHERE id = ?
            AND partner_id = ?
          """);

  /** The id of the book of this number. */
  public static Optional<BookId> id(Connection connection, PartnerId partner, int number)
      throws SQLException {
    return Sql.seenBy(connection, partner, ID)
        .with(number)
        .with(partner)
        .first(row -> new BookId(row.uuid("public_id")));
  }

  // An expired lock does not count, whether or not a sweep has removed it.
  private static final String FIND =
      asPartners(
          """
          SELECT b.id, b.public_id, b.name, b.metadata, b.created_at, b.version, %s, %s,
                 n.free, n.assigned, n.void, n.redeemed, n.blocked,
                 (SELECT count(*)
                  FROM coupon_lock l
                  WHERE l.book_id = b.id
                    AND l.locked_until > (SELECT coupon_clock())) AS locked
          FROM coupon_book b
          CROSS JOIN LATERAL (
            SELECT coalesce(sum(d.free), 0) AS free,
                   coalesce(sum(d.assigned), 0) AS assigned,
                   coalesce(sum(d.void), 0) AS void,
                   coalesce(sum(d.redeemed), 0) AS redeemed,
                   coalesce(sum(d.blocked), 0) AS blocked
            FROM coupon_book_delta d
            WHERE d.book_id = b.id) n
          WHERE b.public_id = ?
            AND b.partner_id = ?
          """
              .formatted(Books.STATE, Books.TERMS));

  /** The book with its counts. */
  public static Optional<CountedBook> find(Connection connection, PartnerId partner, BookId book)
      throws SQLException {
    return Sql.seenBy(connection, partner, FIND)
        .with(book.value())
        .with(partner)
        .first(row -> new CountedBook(book(row), counts(row)));
  }

  // The book is looked up first, and not joined: the edge sees codes through a view that is a
  // barrier, into which the planner passes values, but no column of another table.
  static final String HELD =
      asPartners(
          """
          SELECT c.code, c.expires_at, c.redeemed_count, l.locked_until, k.at AS blocked_at
          FROM coupon c
          LEFT JOIN coupon_lock l
            ON l.partner_id = c.partner_id
            AND l.code = c.code
            AND l.locked_until > (SELECT coupon_clock())
          LEFT JOIN coupon_block k ON k.partner_id = c.partner_id AND k.code = c.code
          WHERE c.book_id = (SELECT id FROM coupon_book WHERE public_id = ?)
            AND c.partner_id = ?
            AND c.holder = ?
            AND c.code > ?
          ORDER BY c.code
          LIMIT ?
          """);

  /**
   * The codes of the book that the user holds, by code.
   *
   * @param after the last code of the page before; the empty text: from the first
   */
  public static List<UsersCode> held(
      Connection connection, PartnerId partner, BookId book, Email holder, String after, int limit)
      throws SQLException {
    return Sql.seenBy(connection, partner, HELD)
        .with(book.value())
        .with(partner)
        .with(holder.value())
        .with(after)
        .with(limit)
        .list(row ->
            new UsersCode(
                new CouponCode(row.text("code")),
                row.instantOrNull("expires_at"),
                row.integer("redeemed_count"),
                row.instantOrNull("locked_until"),
                row.instantOrNull("blocked_at")));
  }

  private static ListedBook book(Row row) throws SQLException {
    return new ListedBook(
        row.integer("id"),
        new BookId(row.uuid("public_id")),
        row.text("name"),
        Books.terms(row),
        row.textOrNull("metadata"),
        row.instant("created_at"),
        Books.state(row),
        row.integer("version"));
  }

  private static Counts counts(Row row) throws SQLException {
    return new Counts(
        row.bigint("free"),
        row.bigint("assigned"),
        row.bigint("void"),
        row.bigint("redeemed"),
        row.bigint("locked"),
        row.bigint("blocked"));
  }
}
