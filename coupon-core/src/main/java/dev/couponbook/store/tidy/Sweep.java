package dev.couponbook.store.tidy;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What is tidied up in the background. Nothing here decides anything: the reader of a lock or a
 * code looks at its time. Each method changes no more rows than its limit, in its caller's
 * transaction, and returns how many it changed.
 */
public final class Sweep {
  private Sweep() {}

  // "CBSW": no other advisory lock of this database has this number.
  private static final long SINGLE_FLIGHT = 0x43425357L;

  private static final String BEGIN = "SELECT pg_try_advisory_xact_lock(?) AS alone";

  /**
   * Whether this transaction is the only sweep; another one at the same time would find the same
   * rows.
   */
  public static boolean begin(Connection connection) throws SQLException {
    return Sql.of(connection, BEGIN).with(SINGLE_FLIGHT).one(row -> row.flag("alone"));
  }

  private static final String FREE_EXPIRED_LOCKS =
      """
      WITH expired AS (
        SELECT partner_id, code
        FROM coupon_lock
        WHERE locked_until <= coupon_clock()
        ORDER BY locked_until
        LIMIT ?
        FOR UPDATE SKIP LOCKED) -- one that is being taken over right now is somebody's again
      DELETE FROM coupon_lock l
      USING expired e
      WHERE l.partner_id = e.partner_id AND l.code = e.code
      """;

  /** Removes locks past their time. */
  public static int freeExpiredLocks(Connection connection, int limit) throws SQLException {
    return run(connection, FREE_EXPIRED_LOCKS, limit);
  }

  private static final String VOID_EXPIRED_CODES =
      """
      WITH expired AS (
        SELECT partner_id, code
        FROM coupon
        WHERE state = 'free' AND expires_at <= coupon_clock()
        LIMIT ?
        FOR NO KEY UPDATE SKIP LOCKED),
      voided AS (
        UPDATE coupon c
        SET state = 'void'
        FROM expired e
        WHERE c.partner_id = e.partner_id AND c.code = e.code
        RETURNING c.partner_id, c.book_id),
      counted AS (
        INSERT INTO coupon_book_delta (partner_id, book_id, free, void)
        SELECT partner_id, book_id, -count(*), count(*) FROM voided GROUP BY partner_id, book_id)
      SELECT count(*) AS voided FROM voided
      """;

  /** Takes free codes that are past their expiration out of their books. */
  public static int voidExpiredCodes(Connection connection, int limit) throws SQLException {
    return Sql.of(connection, VOID_EXPIRED_CODES).with(limit).one(row -> row.integer("voided"));
  }

  private static final String FOLD_COUNTS =
      """
      WITH many AS (
        SELECT book_id
        FROM coupon_book_delta
        GROUP BY book_id
        HAVING count(*) > 1
        LIMIT ?),
      folded AS (
        DELETE FROM coupon_book_delta d
        USING many m
        WHERE d.book_id = m.book_id
        RETURNING d.*)
      INSERT INTO coupon_book_delta (partner_id, book_id, free, assigned, void, redeemed, blocked)
      SELECT partner_id, book_id, sum(free), sum(assigned), sum(void), sum(redeemed), sum(blocked)
      FROM folded
      GROUP BY partner_id, book_id
      """;

  /** Folds each book's count deltas into one row; a reader sees the same sums before and after. */
  public static int foldCounts(Connection connection, int books) throws SQLException {
    return run(connection, FOLD_COUNTS, books);
  }

  private static final String DROP_OUTCOMES =
      """
      WITH dropped AS (
        DELETE FROM command_outcome
        WHERE request_id IN (
          SELECT request_id
          FROM command_outcome
          WHERE finished_at < coupon_clock() - ? * interval '1 second'
          LIMIT ?)
        RETURNING request_id, partner_id)
      INSERT INTO command_forgotten (request_id, partner_id)
      SELECT request_id, partner_id FROM dropped
      ON CONFLICT (request_id) DO UPDATE -- its key was used again, and that answer is old by now too
      SET forgotten_at = coupon_clock()
      """;

  /**
   * Drops answers that are older than their retention; that there was one is kept for some time
   * more.
   */
  public static int dropOutcomes(Connection connection, Duration retention, int limit)
      throws SQLException {
    return run(connection, DROP_OUTCOMES, retention, limit);
  }

  private static final String DROP_FORGOTTEN =
      """
      DELETE FROM command_forgotten
      WHERE request_id IN (
        SELECT request_id
        FROM command_forgotten
        WHERE forgotten_at < coupon_clock() - ? * interval '1 second'
        LIMIT ?)
      """;

  /** Drops what is left of requests whose answers were dropped so long ago. */
  public static int dropForgotten(Connection connection, Duration retention, int limit)
      throws SQLException {
    return run(connection, DROP_FORGOTTEN, retention, limit);
  }

  private static final String DROP_TRIES =
      """
      DELETE FROM command_try
      WHERE request_id IN (
        SELECT request_id
        FROM command_try
        WHERE last_at < coupon_clock() - ? * interval '1 second'
        LIMIT ?)
      """;

  /** Forgets tries that are as old as forgotten answers. */
  public static int dropTries(Connection connection, Duration retention, int limit)
      throws SQLException {
    return run(connection, DROP_TRIES, retention, limit);
  }

  private static final String DROP_REJECTS =
      """
      DELETE FROM code_reject
      WHERE ctid IN (
        SELECT r.ctid
        FROM code_reject r
        JOIN code_load l ON l.id = r.load_id
        WHERE l.finished_at < coupon_clock() - ? * interval '1 second'
        LIMIT ?)
      """;

  /** Drops rejected rows of loads that finished longer ago than their retention. */
  public static int dropRejects(Connection connection, Duration retention, int limit)
      throws SQLException {
    return run(connection, DROP_REJECTS, retention, limit);
  }

  private static final String DROP_AUDIT =
      """
      DELETE FROM coupon_audit
      WHERE ctid IN (
        SELECT ctid
        FROM coupon_audit
        WHERE at < coupon_clock() - ? * interval '1 second'
        LIMIT ?)
      """;

  /** Drops audit rows older than their retention. */
  public static int dropAudit(Connection connection, Duration retention, int limit)
      throws SQLException {
    return run(connection, DROP_AUDIT, retention, limit);
  }

  private static int run(Connection connection, String sql, int limit) throws SQLException {
    return Sql.of(connection, sql).with(limit).update();
  }

  private static int run(Connection connection, String sql, Duration retention, int limit)
      throws SQLException {
    return Sql.of(connection, sql).with(retention.toSeconds()).with(limit).update();
  }
}
