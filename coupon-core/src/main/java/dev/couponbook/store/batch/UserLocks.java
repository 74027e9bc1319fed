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

/** How many live locks users hold, all books of their partner together. */
final class UserLocks {
  private UserLocks() {}

  /** A user of a partner. */
  record User(PartnerId partner, Email email) {}

  // Locks end by time alone, so no counter can be kept: they are counted, and whoever counts waits
  // for whoever counted before. A hash that two users share costs a wait and nothing else.
  private static final String TAKE_TURNS =
      """
      SELECT pg_advisory_xact_lock(partner_id, holder_hash)
      FROM (SELECT DISTINCT partner_id, hashtext(holder) AS holder_hash
            FROM unnest(?::integer[], ?::text[]) AS locking (partner_id, holder)
            ORDER BY partner_id, holder_hash) AS in_order -- one order for all: no two batches wait for each other
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
      WHERE l.locked_until > ?::timestamptz -- past its time it is as good as none, swept or not
      GROUP BY l.partner_id, l.holder
      """;

  /**
   * The users' locks that are live at this time. Once turns were taken, others can only make them
   * fewer.
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
