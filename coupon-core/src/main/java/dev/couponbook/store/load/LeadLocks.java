package dev.couponbook.store.load;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;

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

  private static boolean ask(Connection connection, String sql, int loadId) throws SQLException {
    return Sql.of(connection, sql).with(SPACE).with(loadId).one(row -> row.flag("done"));
  }
}
