package dev.couponbook.store.batch;

import dev.couponbook.coupon.Email;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** How many codes of a book a user holds: a counter with a limit, raised before a code is given. */
final class Holders {
  private Holders() {}

  /** A user of a book. */
  record Holder(int book, Email user) {}

  private record Wish(Holder holder, int codes) {}

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

  /** Lowers the counters by what was reserved and not needed. */
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
