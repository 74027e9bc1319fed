package dev.couponbook.store.batch;

import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a batch has decided about codes whose rows it holds: one statement per kind of
 * change, guards inside.
 */
final class CodeChanges {
  private CodeChanges() {}

  /** What can happen to a code; the names are those of the type {@code coupon_event}. */
  enum Kind {
    ASSIGNED,
    LOCKED,
    UNLOCKED,
    REDEEMED,
    REVERSED,
    VOIDED,
    LIFTED,
    UNASSIGNED;

    private final String column = name().toLowerCase(Locale.ROOT);
  }

  /**
   * Something that happened to a code, and who asked for it.
   *
   * @param holder whose code it was; null if it was nobody's
   */
  record Event(HeldCode code, Kind kind, @Nullable Email holder, RequestId request) {}

  private static final String CLOCK = "SELECT coupon_clock() AS now";

  /**
   * The database's time, read after the rows were locked: nothing that is judged by it has waited
   * since.
   */
  static Instant clock(Connection connection) throws SQLException {
    return Sql.of(connection, CLOCK).one(row -> row.instant("now"));
  }

  private static final String ASSIGN =
      """
      UPDATE coupon c
      SET state = 'assigned', holder = given.holder, assigned_at = coupon_clock()
      FROM unnest(?::integer[], ?::text[], ?::text[]) AS given (partner_id, code, holder)
      WHERE c.partner_id = given.partner_id AND c.code = given.code
        AND c.state = 'free' -- the guard: a code is given once
      """;

  static void assign(Connection connection, List<HeldCode> codes) throws SQLException {
    if (!codes.isEmpty()) {
      ofCodes(connection, ASSIGN, codes)
          .texts(codes, c -> value(c.holder()))
          .update(codes.size(), "codes assigned");
    }
  }

  private static final String TAKE_BACK =
      """
      UPDATE coupon c
      SET state = taken.state::coupon_state, holder = NULL, assigned_at = NULL
      FROM unnest(?::integer[], ?::text[], ?::text[], ?::text[]) AS taken (partner_id, code, holder, state)
      WHERE c.partner_id = taken.partner_id AND c.code = taken.code
        AND c.holder = taken.holder -- the guard: from this user and no other
        AND c.redeemed_count = 0
      """;

  /** Takes codes from their holders; before they are given to others. */
  static void takeBack(Connection connection, List<HeldCode> codes) throws SQLException {
    if (!codes.isEmpty()) {
      ofCodes(connection, TAKE_BACK, codes)
          .texts(codes, c -> value(c.formerHolder))
          .texts(codes, c -> c.stateWhenTakenBack().column())
          .update(codes.size(), "codes taken back");
    }
  }

  private static final String FREE =
      """
      UPDATE coupon c
      SET state = 'free'
      FROM unnest(?::integer[], ?::text[]) AS lifted (partner_id, code)
      WHERE c.partner_id = lifted.partner_id AND c.code = lifted.code
        AND c.state = 'void' -- the guard; a trigger looks for the order that is lifted
      """;

  /** Frees codes that an order has made void; before their blocks are lifted. */
  static void free(Connection connection, List<HeldCode> codes) throws SQLException {
    if (!codes.isEmpty()) {
      ofCodes(connection, FREE, codes).update(codes.size(), "codes freed");
    }
  }

  private static final String MAKE_VOID =
      """
      UPDATE coupon c
      SET state = 'void'
      FROM unnest(?::integer[], ?::text[]) AS voided (partner_id, code)
      WHERE c.partner_id = voided.partner_id AND c.code = voided.code
        AND c.state = 'free' -- the guard: what somebody holds stays theirs
      """;

  static void makeVoid(Connection connection, List<HeldCode> codes) throws SQLException {
    if (!codes.isEmpty()) {
      ofCodes(connection, MAKE_VOID, codes).update(codes.size(), "codes made void");
    }
  }

  private static final String END_LOCK =
      """
      DELETE FROM coupon_lock l
      USING unnest(?::integer[], ?::text[], ?::text[]) AS ended (partner_id, code, token)
      WHERE l.partner_id = ended.partner_id AND l.code = ended.code
        AND l.token = ended.token -- the guard: this lock and no other
      """;

  static void endReplacedLocks(Connection connection, List<HeldCode> codes) throws SQLException {
    endLocks(connection, codes, c -> c.formerLock);
  }

  /**
   * Ends the locks of codes that have none after this batch: the newest granted here, or else the
   * one that was there.
   */
  static void endLocks(Connection connection, List<HeldCode> codes) throws SQLException {
    endLocks(connection, codes, c -> c.lastGranted() == null ? c.formerLock : c.lastGranted());
  }

  private interface LockOf {
    HeldCode.@Nullable Lock lock(HeldCode code);
  }

  private static void endLocks(Connection connection, List<HeldCode> codes, LockOf which)
      throws SQLException {
    if (!codes.isEmpty()) {
      ofCodes(connection, END_LOCK, codes)
          .texts(codes, c -> Objects.requireNonNull(which.lock(c)).token().value())
          .update(codes.size(), "locks ended");
    }
  }

  private static final String GRANT_LOCK =
      """
      INSERT INTO coupon_lock AS l (partner_id, code, book_id, holder, token, locked_until)
      SELECT partner_id, code, book_id, holder, token, locked_until::timestamptz
      FROM unnest(?::integer[], ?::text[], ?::integer[], ?::text[], ?::text[], ?::text[])
        AS granted (partner_id, code, book_id, holder, token, locked_until)
      ON CONFLICT (partner_id, code) DO UPDATE
      SET holder = excluded.holder, token = excluded.token, locked_until = excluded.locked_until
      -- The guard: only a lock past its time is replaced, only the same one extended.
      WHERE l.locked_until <= coupon_clock() OR l.token = excluded.token
      """;

  static void grantLocks(Connection connection, List<HeldCode> codes) throws SQLException {
    if (!codes.isEmpty()) {
      ofCodes(connection, GRANT_LOCK, codes)
          .integers(codes, c -> c.book.number())
          .texts(codes, c -> value(c.holder()))
          .texts(codes, c -> Objects.requireNonNull(c.lastGranted()).token().value())
          .instants(codes, c -> Objects.requireNonNull(c.lastGranted()).until())
          .update(codes.size(), "locks granted");
    }
  }

  private static final String COUNT =
      """
      UPDATE coupon c
      SET redeemed_count = counted.redeemed_count
      FROM unnest(?::integer[], ?::text[], ?::integer[], ?::integer[]) AS counted (partner_id, code, former, redeemed_count)
      WHERE c.partner_id = counted.partner_id AND c.code = counted.code
        AND c.redeemed_count = counted.former -- the guard: nobody counted meanwhile
      """;

  static void count(Connection connection, List<HeldCode> codes) throws SQLException {
    if (!codes.isEmpty()) {
      ofCodes(connection, COUNT, codes)
          .integers(codes, c -> c.formerCount)
          .integers(codes, HeldCode::redeemedCount)
          .update(codes.size(), "redemption counters changed");
    }
  }

  /** What changes in the counts of a book. */
  private record Delta(Book book, int free, int assigned, int voided, int redeemed, int blocked) {
    static Delta of(HeldCode code) {
      return new Delta(
          code.book,
          code.moved(HeldCode.State.FREE),
          code.moved(HeldCode.State.ASSIGNED),
          code.moved(HeldCode.State.VOID),
          code.redeemedCount() - code.formerCount,
          code.blockedHeldMoved());
    }

    Delta plus(Delta other) {
      return new Delta(
          book,
          free + other.free,
          assigned + other.assigned,
          voided + other.voided,
          redeemed + other.redeemed,
          blocked + other.blocked);
    }
  }

  private static final String APPEND_COUNTS =
      """
      INSERT INTO coupon_book_delta (partner_id, book_id, free, assigned, void, redeemed, blocked)
      SELECT *
      FROM unnest(?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[], ?::integer[])
      """;

  /** Appends what changed to the books' counts, one row per book. */
  static void appendCounts(Connection connection, Collection<HeldCode> codes) throws SQLException {
    var byBook = new HashMap<Integer, Delta>();
    for (var code : codes) {
      if (code.isCountedAnew()) {
        byBook.merge(code.book.number(), Delta.of(code), Delta::plus);
      }
    }
    appendCounts(connection, byBook);
  }

  private static void appendCounts(Connection connection, Map<Integer, Delta> byBook)
      throws SQLException {
    var deltas = byBook.values();
    if (!deltas.isEmpty()) {
      Sql.of(connection, APPEND_COUNTS)
          .integers(deltas, d -> d.book().partner().value())
          .integers(deltas, d -> d.book().number())
          .integers(deltas, Delta::free)
          .integers(deltas, Delta::assigned)
          .integers(deltas, Delta::voided)
          .integers(deltas, Delta::redeemed)
          .integers(deltas, Delta::blocked)
          .update();
    }
  }

  private static final String AUDIT =
      """
      INSERT INTO coupon_audit (partner_id, book_id, code, event, holder, request_id)
      SELECT partner_id, book_id, code, event::coupon_event, holder, request_id
      FROM unnest(?::integer[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::uuid[])
        AS happened (partner_id, book_id, code, event, holder, request_id)
      """;

  static void audit(Connection connection, List<Event> events) throws SQLException {
    if (!events.isEmpty()) {
      Sql.of(connection, AUDIT)
          .integers(events, e -> e.code().key.partner().value())
          .integers(events, e -> e.code().book.number())
          .texts(events, e -> e.code().key.code().value())
          .texts(events, e -> e.kind().column)
          .texts(events, e -> value(e.holder()))
          .uuids(events, e -> e.request().value())
          .update();
    }
  }

  private static Sql ofCodes(Connection connection, String statement, List<HeldCode> codes) {
    return Sql.of(connection, statement)
        .integers(codes, c -> c.key.partner().value())
        .texts(codes, c -> c.key.code().value());
  }

  private static @Nullable String value(@Nullable Email email) {
    return email == null ? null : email.value();
  }
}
