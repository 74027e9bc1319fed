package dev.couponbook.store.batch;

import dev.couponbook.command.Command;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.json.Json;
import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Locks books that commands change, and writes what a batch has decided about them. */
final class BookChanges {
  private BookChanges() {}

  /**
   * A change of a book, and who asked for it.
   *
   * @param version the one that it made
   */
  record Change(OpenBook book, int version, RequestId request, Command asked) {}

  private static final String LOCK =
      """
      SELECT b.id, b.partner_id, b.public_id, b.name, b.metadata, b.created_at, b.version, %s, %s
      FROM unnest(?::integer[], ?::uuid[]) AS named (partner_id, public_id)
      JOIN coupon_book b USING (public_id)
      WHERE b.partner_id = named.partner_id -- another partner's book is no book
      ORDER BY b.id -- one order for all, or two batches could wait for each other
      FOR NO KEY UPDATE OF b
      """
          .formatted(Books.STATE, Books.TERMS);

  /** Finds those of the books that exist. Their rows stay locked until the transaction ends. */
  static Map<Books.Key, OpenBook> lock(Connection connection, Collection<Books.Key> named)
      throws SQLException {
    var books = new LinkedHashMap<Books.Key, OpenBook>();
    if (!named.isEmpty()) {
      Sql.of(connection, LOCK)
          .integers(named, k -> k.partner().value())
          .uuids(named, k -> k.id().value())
          .each(row -> {
            var book = open(row);
            books.put(book.key, book);
          });
    }
    return books;
  }

  private static OpenBook open(Row row) throws SQLException {
    return new OpenBook(
        row.integer("id"),
        new Books.Key(new PartnerId(row.integer("partner_id")), new BookId(row.uuid("public_id"))),
        row.instant("created_at"),
        row.integer("version"),
        Books.state(row),
        row.text("name"),
        Books.terms(row),
        row.textOrNull("metadata"));
  }

  private static final String UPDATE =
      """
      UPDATE coupon_book b
      SET version = changed.version, state = changed.state::book_state, name = changed.name, metadata = changed.metadata::json,
          max_codes_per_user = changed.max_codes, max_redeems_per_user = changed.max_redeems,
          starts_at = changed.starts_at::timestamptz, expires_at = changed.expires_at::timestamptz,
          lock_seconds = changed.lock_seconds
      FROM unnest(?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::text[], ?::text[],
                  ?::integer[], ?::integer[], ?::text[], ?::text[], ?::integer[], ?::text[])
        AS changed (partner_id, id, former, version, name, metadata,
                    max_codes, max_redeems, starts_at, expires_at, lock_seconds, state)
      WHERE b.partner_id = changed.partner_id AND b.id = changed.id
        AND b.version = changed.former -- the guard: nobody changed it meanwhile
      """;

  static void update(Connection connection, List<OpenBook> books) throws SQLException {
    if (!books.isEmpty()) {
      Sql.of(connection, UPDATE)
          .integers(books, b -> b.key.partner().value())
          .integers(books, b -> b.number)
          .integers(books, b -> b.formerVersion)
          .integers(books, OpenBook::version)
          .texts(books, OpenBook::name)
          .texts(books, OpenBook::metadata)
          .integers(books, b -> b.terms().maxCodesPerUser())
          .integers(books, b -> b.terms().maxRedeemsPerUser())
          .instants(books, b -> b.terms().startsAt())
          .instants(books, b -> b.terms().expiresAt())
          .integers(books, b -> b.terms().lockSeconds())
          .texts(books, b -> b.state().text())
          .update(books.size(), "books changed");
    }
  }

  private static final String RECORD =
      """
      INSERT INTO coupon_book_change (partner_id, book_id, version, request_id, asked)
      SELECT partner_id, book_id, version, request_id, asked::json
      FROM unnest(?::integer[], ?::integer[], ?::integer[], ?::uuid[], ?::text[])
        AS happened (partner_id, book_id, version, request_id, asked)
      """;

  static void record(Connection connection, List<Change> changes) throws SQLException {
    if (!changes.isEmpty()) {
      Sql.of(connection, RECORD)
          .integers(changes, c -> c.book().key.partner().value())
          .integers(changes, c -> c.book().number)
          .integers(changes, Change::version)
          .uuids(changes, c -> c.request().value())
          .texts(changes, c -> Json.mapper().writeValueAsString(c.asked()))
          .update();
    }
  }
}
