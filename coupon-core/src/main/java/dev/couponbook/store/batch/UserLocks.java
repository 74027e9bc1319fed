package dev.couponbook.store.batch;

import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** How many live locks users hold, across all books of their partner. */
final class UserLocks {
  private UserLocks() {}

  /** A user of a partner. */
  record User(PartnerId partner, Email email) {}

  // Locks end by time alone, so no counter can be kept: they are counted, and each count waits
  // for the transaction of the one before. If two users share a hash, that costs a wait and
  // nothing else.
  private static final String TAKE_TURNS =
      """
      SELECT pg_advisory_xact_lock(partner_id, holder_hash)
      FROM (SELECT DISTINCT partner_id, hashtext(holder) AS holder_hash
            FROM unnest(?::integer[], ?::text[]) AS locking (partner_id, holder)
            -- One order for all: no two batches wait for each other.
            ORDER BY partner_id, holder_hash) AS in_order
      """;

  /** Keeps other batches from granting locks to these users until the end of the transaction. */
  static void takeTurns(Connection connection, Collection<User> locking) throws SQLException {
    if (!locking.isEmpty()) {
      of(connection, TAKE_TURNS, locking).each(_ -> {});
    }
  }

  private static final String COUNT =
      """
      SELECT l.partner_id, l.holder, count(*) AS live
      FROM unnest(?::integer[], ?::text[]) AS locking (partner_id, holder)
      JOIN coupon_lock l USING (partner_id, holder)
      WHERE l.locked_until > ?::timestamptz -- an expired lock no longer counts, swept or not
      GROUP BY l.partner_id, l.holder
      """;

  /**
   * Counts the users' locks that are live at this time. After {@link #takeTurns}, others can only
   * make them fewer.
   */
  static Map<User, Integer> count(Connection connection, Collection<User> locking, Instant now)
      throws SQLException {
    var counts = new HashMap<User, Integer>();
    if (locking.isEmpty()) {
      return counts;
    }
    of(connection, COUNT, locking)
        .with(now.toString())
        .each(row ->
            counts.put(
                new User(new PartnerId(row.integer("partner_id")), new Email(row.text("holder"))),
                row.integer("live")));
    return counts;
  }

  private static Sql of(Connection connection, String statement, Collection<User> users) {
    return Sql.of(connection, statement)
        .integers(users, u -> u.partner().value())
        .texts(users, u -> u.email().value());
  }
}
