package dev.couponbook.store.batch;

import dev.couponbook.command.CreateBook;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.BookTerms;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.json.Json;
import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Books, as commands on their codes need them; {@link BookChanges} changes them. */
public final class Books {
  private Books() {}

  /** What a command identifies a book by. */
  public record Key(PartnerId partner, BookId id) {}

  /** The column that {@link #state} reads from {@code coupon_book b}; a code has a state too. */
  public static final String STATE = "b.state AS book_state";

  /**
   * The columns that {@link #terms} reads from {@code coupon_book b}: a new option of books is
   * added here.
   */
  public static final String TERMS =
      "b.max_codes_per_user, b.max_redeems_per_user, b.starts_at, b.expires_at, b.lock_seconds";

  private static final String CREATE =
      """
      WITH book AS (
        INSERT INTO coupon_book (public_id, partner_id, name, max_codes_per_user, max_redeems_per_user,
                                 starts_at, expires_at, lock_seconds, metadata)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::json)
        RETURNING id)
      INSERT INTO coupon_book_pick (book_id)
      SELECT id FROM book
      """;

  /** Creates the book of a request; its id is the request's. */
  public static BookId create(
      Connection connection, RequestId request, PartnerId partner, CreateBook book)
      throws SQLException {
    var terms = book.terms();
    Sql.of(connection, CREATE)
        .with(request.value())
        .with(partner)
        .with(book.bookName())
        .with(terms.maxCodesPerUser())
        .with(terms.maxRedeemsPerUser())
        .with(terms.startsAt())
        .with(terms.expiresAt())
        .with(terms.lockSeconds())
        .with(book.metadata() == null ? null : Json.mapper().writeValueAsString(book.metadata()))
        .update();
    return new BookId(request.value());
  }

  private static final String FIND =
      """
      SELECT b.id, b.partner_id, b.public_id, p.next_pick, %s, %s
      FROM unnest(?::integer[], ?::uuid[]) AS asked (partner_id, public_id)
      JOIN coupon_book b USING (public_id)
      JOIN coupon_book_pick p ON p.book_id = b.id
      WHERE b.partner_id = asked.partner_id -- another partner's book is no book
      """
          .formatted(STATE, TERMS);

  /** Finds those of the books that exist. */
  public static Map<Key, Book> find(Connection connection, Collection<Key> keys)
      throws SQLException {
    if (keys.isEmpty()) {
      return Map.of();
    }
    var books = new HashMap<Key, Book>();
    Sql.of(connection, FIND)
        .integers(keys, k -> k.partner().value())
        .uuids(keys, k -> k.id().value())
        .each(row -> {
          var book = read(row);
          books.put(new Key(book.partner(), book.id()), book);
        });
    return books;
  }

  /** The partner's book; empty if there is none, or if it is another partner's. */
  public static Optional<Book> find(Connection connection, PartnerId partner, BookId id)
      throws SQLException {
    return find(connection, List.of(new Key(partner, id))).values().stream().findFirst();
  }

  static Book read(Row row) throws SQLException {
    return new Book(
        row.integer("id"),
        new PartnerId(row.integer("partner_id")),
        new BookId(row.uuid("public_id")),
        terms(row),
        state(row),
        row.integer("next_pick"));
  }

  /** Reads the state from a row that has the column {@link #STATE}. */
  public static BookState state(Row row) throws SQLException {
    return BookState.of(row.text("book_state"));
  }

  /** Reads the terms from a row that has the columns {@link #TERMS}. */
  public static BookTerms terms(Row row) throws SQLException {
    return new BookTerms(
        row.integer("max_codes_per_user"),
        row.integer("max_redeems_per_user"),
        row.instantOrNull("starts_at"),
        row.instantOrNull("expires_at"),
        row.integer("lock_seconds"));
  }
}
