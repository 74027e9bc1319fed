package dev.couponbook.store.batch;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.store.sql.Columns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Locks the rows of codes that commands name, and reads what is true of them from then on. */
final class LockRows {
  private static final String LOCK_ROWS =
      """
      SELECT c.partner_id, c.code, c.state, c.holder, c.redeemed_count, c.expires_at AS code_expires_at,
             b.id, b.public_id, b.max_codes_per_user, b.max_redeems_per_user, b.starts_at, b.expires_at, b.lock_seconds,
             0 AS next_pick
      FROM unnest(?::integer[], ?::text[]) AS named (partner_id, code)
      JOIN coupon c USING (partner_id, code)
      JOIN coupon_book b ON b.id = c.book_id
      ORDER BY c.partner_id, c.code -- one order for all, or two batches could wait for each other
      FOR NO KEY UPDATE OF c
      """;

  // A statement of its own, begun when the rows are ours: joined to the one above,
  // a lock that somebody took while we waited would be read as it was before.
  private static final String READ_LOCKS =
      """
      SELECT l.partner_id, l.code, l.token, l.locked_until
      FROM unnest(?::integer[], ?::text[]) AS named (partner_id, code)
      JOIN coupon_lock l USING (partner_id, code)
      FOR NO KEY UPDATE OF l -- what ends while it is being used is ours to remove: the sweep passes it over
      """;

  /** Those of the codes that there are. Their rows stay locked to the end of the transaction. */
  Map<CodeKey, HeldCode> lock(Connection connection, Collection<CodeKey> named)
      throws SQLException {
    var codes = new HashMap<CodeKey, HeldCode>();
    if (named.isEmpty()) {
      return codes;
    }
    var keys = List.copyOf(named);
    try (var select = connection.prepareStatement(LOCK_ROWS)) {
      bind(connection, select, keys);
      // First the rows, all of them, then the locks: only then are these what they will stay.
      var rows = readRows(select);
      var locks = readLocks(connection, keys);
      rows.forEach((key, row) -> codes.put(key, row.with(locks.get(key))));
      return codes;
    }
  }

  private record Row(
      CodeKey key,
      Book book,
      @Nullable Instant expiresAt,
      boolean isVoid,
      @Nullable Email holder,
      int redeemedCount) {
    HeldCode with(HeldCode.@Nullable Lock lock) {
      return new HeldCode(key, book, expiresAt, isVoid, holder, redeemedCount, lock);
    }
  }

  private static Map<CodeKey, Row> readRows(PreparedStatement select) throws SQLException {
    var found = new HashMap<CodeKey, Row>();
    try (var rows = select.executeQuery()) {
      while (rows.next()) {
        var holder = rows.getString("holder");
        var row =
            new Row(
                key(rows),
                Books.read(rows),
                Columns.instant(rows, "code_expires_at"),
                rows.getString("state").equals("void"),
                holder == null ? null : new Email(holder),
                rows.getInt("redeemed_count"));
        found.put(row.key(), row);
      }
    }
    return found;
  }

  private static Map<CodeKey, HeldCode.Lock> readLocks(Connection connection, List<CodeKey> keys)
      throws SQLException {
    var locks = new HashMap<CodeKey, HeldCode.Lock>();
    try (var select = connection.prepareStatement(READ_LOCKS)) {
      bind(connection, select, keys);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          var until = Objects.requireNonNull(Columns.instant(rows, "locked_until"));
          locks.put(key(rows), new HeldCode.Lock(new LockToken(rows.getString("token")), until));
        }
      }
    }
    return locks;
  }

  private static void bind(Connection connection, PreparedStatement select, List<CodeKey> keys)
      throws SQLException {
    select.setArray(1, Columns.integers(connection, keys, k -> k.partner().value()));
    select.setArray(2, Columns.texts(connection, keys, k -> k.code().value()));
  }

  private static CodeKey key(ResultSet row) throws SQLException {
    return new CodeKey(
        new PartnerId(row.getInt("partner_id")), new CouponCode(row.getString("code")));
  }
}
