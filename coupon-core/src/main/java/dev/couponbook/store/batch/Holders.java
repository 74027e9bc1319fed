package dev.couponbook.store.batch;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many codes of a book a user holds: a counter with a limit, raised before a code is given. */
final class Holders {
  private Holders() {}

  /** A user of a book. */
  record Holder(int book, Email user) {}

  private record Wish(Holder holder, int codes) {}

  /** A code that its user may have to give back: which counter that lowers. */
  record Held(CodeKey code, Books.Key book, Holder holder) {}

  // The book of a code never changes, so that it can be read before the code is locked: the
  // counters come first in the order of locks.
  private static final String HELD =
      """
      SELECT c.partner_id, c.code, c.book_id, c.holder, b.public_id
      FROM unnest(?::integer[], ?::text[], ?::text[]) AS named (partner_id, code, holder)
      JOIN coupon c USING (partner_id, code, holder)
      JOIN coupon_book b ON b.partner_id = c.partner_id AND b.id = c.book_id
      """;

  /** A code that a user is said to hold. */
  record Claim(CodeKey code, Email user) {}

  /** Those of the codes that their users hold, as far as that is known before they are locked. */
  static List<Held> held(Connection connection, Collection<Claim> claims) throws SQLException {
    if (claims.isEmpty()) {
      return List.of();
    }
    return Sql.of(connection, HELD)
        .integers(claims, c -> c.code().partner().value())
        .texts(claims, c -> c.code().code().value())
        .texts(claims, c -> c.user().value())
        .list(row -> {
          var partner = new PartnerId(row.integer("partner_id"));
          return new Held(
              new CodeKey(partner, new CouponCode(row.text("code"))),
              new Books.Key(partner, new BookId(row.uuid("public_id"))),
              new Holder(row.integer("book_id"), new Email(row.text("holder"))));
        });
  }

  private static final String RESERVE =
      """
      INSERT INTO coupon_holder AS h (book_id, holder, held)
      SELECT b.id, wish.holder, CASE WHEN b.max_codes_per_user = 0 THEN wish.codes
                                     ELSE least(wish.codes, b.max_codes_per_user) END
      FROM unnest(?::integer[], ?::text[], ?::integer[]) AS wish (book_id, holder, codes)
      JOIN coupon_book b ON b.id = wish.book_id
      -- One order for all: two batches cannot wait for each other.
      ORDER BY b.id, wish.holder COLLATE "C"
      ON CONFLICT (book_id, holder) DO UPDATE
      -- The guard: the counter itself says how many more there may be.
      -- Counting codes first would let racers through.
      SET held = (SELECT CASE WHEN b.max_codes_per_user = 0 THEN h.held + excluded.held
                              ELSE greatest(h.held, least(h.held + excluded.held, b.max_codes_per_user)) END
                  FROM coupon_book b WHERE b.id = h.book_id)
      RETURNING h.book_id, h.holder, new.held - coalesce(old.held, 0) AS reserved
      """;

  /**
   * Raises the counters as far as was asked for and is allowed, and keeps their rows locked until
   * the end of the transaction.
   *
   * @return how much each was raised
   */
  static Map<Holder, Integer> reserve(Connection connection, Map<Holder, Integer> wishes)
      throws SQLException {
    if (wishes.isEmpty()) {
      return new HashMap<>();
    }
    var rows = wishes.entrySet().stream().map(w -> new Wish(w.getKey(), w.getValue())).toList();
    var reserved = new HashMap<Holder, Integer>();
    Sql.of(connection, RESERVE)
        .integers(rows, w -> w.holder().book())
        .texts(rows, w -> w.holder().user().value())
        .integers(rows, Wish::codes)
        .each(row ->
            reserved.put(
                new Holder(row.integer("book_id"), new Email(row.text("holder"))),
                row.integer("reserved")));
    return reserved;
  }

  private static final String GIVE_BACK =
      """
      UPDATE coupon_holder h
      SET held = h.held - unused.codes
      FROM unnest(?::integer[], ?::text[], ?::integer[]) AS unused (book_id, holder, codes)
      WHERE h.book_id = unused.book_id AND h.holder = unused.holder
      """;

  /** Lowers the counters by what was reserved and not needed, or was given back. */
  static void giveBack(Connection connection, Map<Holder, Integer> unused) throws SQLException {
    var rows =
        unused.entrySet().stream()
            .filter(u -> u.getValue() > 0)
            .map(u -> new Wish(u.getKey(), u.getValue()))
            .toList();
    if (!rows.isEmpty()) {
      Sql.of(connection, GIVE_BACK)
          .integers(rows, w -> w.holder().book())
          .texts(rows, w -> w.holder().user().value())
          .integers(rows, Wish::codes)
          .update(rows.size(), "holder counters lowered");
    }
  }
}
