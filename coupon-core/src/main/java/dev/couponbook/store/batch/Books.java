package dev.couponbook.store.batch;

import dev.couponbook.command.CreateBook;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookTerms;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.json.Json;
import dev.couponbook.store.sql.Columns;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Books: created once, never changed. */
public final class Books {
  /** A book by the names that a command knows it by. */
  public record Key(PartnerId partner, BookId id) {}

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

  /** Creates the book of a request, whose id it takes. */
  public BookId create(Connection connection, RequestId request, PartnerId partner, CreateBook book)
      throws SQLException {
    var terms = book.terms();
    try (var insert = connection.prepareStatement(CREATE)) {
      insert.setObject(1, request.value());
      insert.setInt(2, partner.value());
      insert.setString(3, book.bookName());
      insert.setInt(4, terms.maxCodesPerUser());
      insert.setInt(5, terms.maxRedeemsPerUser());
      insert.setObject(6, utc(terms.startsAt()));
      insert.setObject(7, utc(terms.expiresAt()));
      insert.setInt(8, terms.lockSeconds());
      insert.setString(
          9, book.metadata() == null ? null : Json.mapper().writeValueAsString(book.metadata()));
      insert.executeUpdate();
      return new BookId(request.value());
    }
  }

  private static final String FIND =
      """
      SELECT b.id, b.partner_id, b.public_id, b.max_codes_per_user, b.max_redeems_per_user,
             b.starts_at, b.expires_at, b.lock_seconds, p.next_pick
      FROM unnest(?::integer[], ?::uuid[]) AS asked (partner_id, public_id)
      JOIN coupon_book b USING (public_id)
      JOIN coupon_book_pick p ON p.book_id = b.id
      WHERE b.partner_id = asked.partner_id -- another partner's book is no book
      """;

  /** Those of the books that there are. */
  public Map<Key, Book> find(Connection connection, Collection<Key> keys) throws SQLException {
    if (keys.isEmpty()) {
      return Map.of();
    }
    var asked = List.copyOf(keys);
    try (var select = connection.prepareStatement(FIND)) {
      select.setArray(1, Columns.integers(connection, asked, k -> k.partner().value()));
      select.setArray(2, Columns.uuids(connection, asked, k -> k.id().value()));
      try (var rows = select.executeQuery()) {
        var books = new HashMap<Key, Book>();
        while (rows.next()) {
          var book = read(rows);
          books.put(new Key(book.partner(), book.id()), book);
        }
        return books;
      }
    }
  }

  public Optional<Book> find(Connection connection, PartnerId partner, BookId id)
      throws SQLException {
    return find(connection, List.of(new Key(partner, id))).values().stream().findFirst();
  }

  static Book read(ResultSet row) throws SQLException {
    var terms =
        new BookTerms(
            row.getInt("max_codes_per_user"),
            row.getInt("max_redeems_per_user"),
            Columns.instant(row, "starts_at"),
            Columns.instant(row, "expires_at"),
            row.getInt("lock_seconds"));
    return new Book(
        row.getInt("id"),
        new PartnerId(row.getInt("partner_id")),
        new BookId(row.getObject("public_id", UUID.class)),
        terms,
        row.getInt("next_pick"));
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
