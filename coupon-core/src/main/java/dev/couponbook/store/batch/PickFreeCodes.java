package dev.couponbook.store.batch;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Takes random free codes. Every code has a pick number, shuffled when it was loaded; a pick starts
 * at a random number and takes the next free codes, wrapping round: no sort of the free codes, no
 * list of them, and no place in the index where everybody meets.
 */
final class PickFreeCodes {
  private PickFreeCodes() {}

  /** A free code, its row locked by this transaction. */
  record Picked(CouponCode code, @Nullable Instant expiresAt) {}

  /**
   * How many codes of a book are wanted, with pick numbers from {@code from} to before {@code to}.
   */
  private record Want(Book book, int from, int to, int codes) {}

  private static final Deque<Picked> NONE = new ArrayDeque<>();

  /** What to do about a free code that another transaction holds. */
  enum Busy {
    /** Skip it: any other will do. */
    SKIP("SKIP LOCKED"),
    /** Wait for it: it may be the last one, and the other transaction may yet give it back. */
    WAIT("");

    private final String pick;

    Busy(String locking) {
      this.pick = PICK.formatted(locking);
    }
  }

  // The row lock stands inside, under the LIMIT: outside it, more rows than asked for could be
  // locked.
  private static final String PICK =
      """
      SELECT want.ordinality AS want, picked.code, picked.expires_at
      FROM unnest(?::integer[], ?::integer[], ?::integer[], ?::integer[])
        WITH ORDINALITY AS want (book_id, low, high, codes)
      CROSS JOIN LATERAL (
        SELECT c.code, c.expires_at
        FROM coupon c
        WHERE c.book_id = want.book_id AND c.state = 'free' AND c.pick >= want.low AND c.pick < want.high
          AND (c.expires_at IS NULL OR c.expires_at > coupon_clock())
        ORDER BY c.pick
        LIMIT want.codes
        FOR NO KEY UPDATE %s) picked
      """;

  /**
   * Picks for several books at once.
   *
   * @return the picked codes of each book that was asked for, in pick order; fewer than wanted
   *     where the book has no more, or, with {@link Busy#SKIP}, where others hold them
   */
  static Map<Book, Deque<Picked>> pick(Connection connection, Map<Book, Integer> wanted, Busy busy)
      throws SQLException {
    var upward =
        wanted.entrySet().stream()
            .map(
                w -> new Want(w.getKey(), start(w.getKey(), busy), Integer.MAX_VALUE, w.getValue()))
            .toList();
    var picked = run(connection, upward, busy);
    var fromTheStart =
        upward.stream()
            .map(w ->
                new Want(
                    w.book(), 0, w.from(), w.codes() - picked.getOrDefault(w.book(), NONE).size()))
            .filter(w -> w.codes() > 0 && w.to() > 0)
            .toList();
    run(connection, fromTheStart, busy)
        .forEach(
            (book, more) -> picked.computeIfAbsent(book, _ -> new ArrayDeque<>()).addAll(more));
    return picked;
  }

  // Transactions that wait go through the free codes in one order, or they could deadlock.
  private static int start(Book book, Busy busy) {
    return busy == Busy.WAIT ? 0 : ThreadLocalRandom.current().nextInt(Math.max(1, book.picks()));
  }

  private static Map<Book, Deque<Picked>> run(Connection connection, List<Want> wants, Busy busy)
      throws SQLException {
    var picked = new HashMap<Book, Deque<Picked>>();
    if (wants.isEmpty()) {
      return picked;
    }
    Sql.of(connection, busy.pick)
        .integers(wants, w -> w.book().number())
        .integers(wants, Want::from)
        .integers(wants, Want::to)
        .integers(wants, Want::codes)
        .each(row -> {
          var book = wants.get(row.integer("want") - 1).book();
          var code = new Picked(new CouponCode(row.text("code")), row.instantOrNull("expires_at"));
          picked.computeIfAbsent(book, _ -> new ArrayDeque<>()).add(code);
        });
    return picked;
  }

  // The order makes the index of free codes the only cheap way. Without it the planner expects to
  // meet a free code soon wherever it begins, and for a book that has none reads the whole table.
  private static final String ANY_FREE =
      """
      SELECT EXISTS (
        SELECT FROM (
          SELECT FROM coupon
          WHERE book_id = ? AND state = 'free' AND (expires_at IS NULL OR expires_at > coupon_clock())
          ORDER BY pick
          LIMIT 1) first) AS any_free
      """;

  /**
   * Whether the book has a free code at all, be it held by another transaction: "skipped because
   * locked" is not "none left".
   */
  static boolean anyFree(Connection connection, Book book) throws SQLException {
    return Sql.of(connection, ANY_FREE).with(book.number()).one(row -> row.flag("any_free"));
  }
}
