package dev.couponbook.store.batch;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Locks the rows of codes that commands name, and reads what is true of them from then on. */
final class LockRows {
  private static final String LOCK_ROWS =
      """
      SELECT c.partner_id, c.code, c.state, c.holder, c.redeemed_count, c.expires_at AS code_expires_at,
             b.id, b.public_id, 0 AS next_pick, %s, %s
      FROM unnest(?::integer[], ?::text[]) AS named (partner_id, code)
      JOIN coupon c USING (partner_id, code)
      JOIN coupon_book b ON b.id = c.book_id
      ORDER BY c.partner_id, c.code -- one order for all, or two batches could wait for each other
      FOR NO KEY UPDATE OF c
      """
          .formatted(Books.STATE, Books.TERMS);

  // A statement of its own, begun when the rows are ours: joined to the one above,
  // a lock that somebody took while we waited would be read as it was before.
  private static final String READ_LOCKS =
      """
      WITH named AS (
        SELECT * FROM unnest(?::integer[], ?::text[]) AS n (partner_id, code)),
      locked AS (
        SELECT l.partner_id, l.code, l.token, l.locked_until
        FROM named
        JOIN coupon_lock l USING (partner_id, code)
        -- A lock that ends while we use it is ours to remove: the sweep skips it.
        FOR NO KEY UPDATE OF l)
      SELECT partner_id, code, token, locked_until, false AS blocked
      FROM locked
      UNION ALL
      SELECT k.partner_id, k.code, NULL, NULL, true
      FROM named
      JOIN coupon_block k USING (partner_id, code)
      """;

  private LockRows() {}

  /**
   * Finds those of the codes that exist. Their rows stay locked until the end of the transaction.
   */
  static Map<CodeKey, HeldCode> lock(Connection connection, Collection<CodeKey> named)
      throws SQLException {
    var codes = new HashMap<CodeKey, HeldCode>();
    if (named.isEmpty()) {
      return codes;
    }
    // First all the rows, then the locks: only then can the locks no longer change.
    var rows = lockRows(connection, named);
    var locks = new HashMap<CodeKey, HeldCode.Lock>();
    var blocked = new HashSet<CodeKey>();
    readLocks(connection, named, locks, blocked);
    for (var code : rows) {
      var key = code.key();
      codes.put(key, code.with(locks.get(key), blocked.contains(key)));
    }
    return codes;
  }

  private record LockedCode(
      CodeKey key,
      Book book,
      @Nullable Instant expiresAt,
      HeldCode.State state,
      @Nullable Email holder,
      int redeemedCount) {
    HeldCode with(HeldCode.@Nullable Lock lock, boolean blocked) {
      return new HeldCode(
          new HeldCode.Found(key, book, expiresAt, state, holder, redeemedCount, lock, blocked));
    }
  }

  private static List<LockedCode> lockRows(Connection connection, Collection<CodeKey> named)
      throws SQLException {
    return of(connection, LOCK_ROWS, named)
        .list(row -> {
          var holder = row.textOrNull("holder");
          return new LockedCode(
              key(row),
              Books.read(row),
              row.instantOrNull("code_expires_at"),
              HeldCode.State.of(row.text("state")),
              holder == null ? null : new Email(holder),
              row.integer("redeemed_count"));
        });
  }

  private static void readLocks(
      Connection connection,
      Collection<CodeKey> named,
      Map<CodeKey, HeldCode.Lock> locks,
      Set<CodeKey> blocked)
      throws SQLException {
    of(connection, READ_LOCKS, named)
        .each(row -> {
          if (row.flag("blocked")) {
            blocked.add(key(row));
          } else {
            locks.put(
                key(row),
                new HeldCode.Lock(new LockToken(row.text("token")), row.instant("locked_until")));
          }
        });
  }

  private static Sql of(Connection connection, String statement, Collection<CodeKey> named) {
    return Sql.of(connection, statement)
        .integers(named, k -> k.partner().value())
        .texts(named, k -> k.code().value());
  }

  private static CodeKey key(Row row) throws SQLException {
    return new CodeKey(new PartnerId(row.integer("partner_id")), new CouponCode(row.text("code")));
  }
}
