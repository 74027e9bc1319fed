package dev.couponbook.store.load;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * Advisory locks that say who leads a load. They belong to the connection, not to a transaction:
 * when it ends, for whatever reason, its locks are free.
 */
public final class LeadLocks {
  private LeadLocks() {}

  // "load" in ASCII: no other user of two-number advisory locks in this database has it.
  private static final int SPACE = 0x6C6F6164;

  private static final String TAKE = "SELECT pg_try_advisory_lock(?, ?) AS done";

  /**
   * Takes the load's lock; false if another connection has it. A connection that takes it twice has
   * to release it twice.
   */
  public static boolean tryTake(Connection connection, int loadId) throws SQLException {
    return ask(connection, TAKE, loadId);
  }

  private static final String RELEASE = "SELECT pg_advisory_unlock(?, ?) AS done";

  /** Releases the load's lock; false if the connection did not have it. */
  public static boolean release(Connection connection, int loadId) throws SQLException {
    return ask(connection, RELEASE, loadId);
  }

  // A lock by two numbers has 2 as its sub-number; the numbers are shown as if they were oids.
  private static final String LED =
      """
      SELECT objid::bigint AS load
      FROM pg_locks
      WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = ?
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """;

  /** The loads that some process leads at this moment. */
  public static Set<Integer> led(Connection connection) throws SQLException {
    return Set.copyOf(
        Sql.of(connection, LED).with(SPACE).list(row -> Math.toIntExact(row.bigint("load"))));
  }

  private static boolean ask(Connection connection, String sql, int loadId) throws SQLException {
    return Sql.of(connection, sql).with(SPACE).with(loadId).one(row -> row.flag("done"));
  }

  private static final String IS_WRITER =
      "SELECT NOT current_setting('transaction_read_only')::boolean AS done";

  /**
   * Whether the server is the one that writes. A lock at one that became a reader says nothing: the
   * other processes ask the new writer.
   */
  public static boolean areAtWriter(Connection connection) throws SQLException {
    return Sql.of(connection, IS_WRITER).one(row -> row.flag("done"));
  }
}
