package dev.couponbook.ingest.job;

import dev.couponbook.store.load.LeadLocks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The loads that this process leads: locks on one connection that is used for nothing else. If the
 * process dies, the connection ends and the locks are free. A process that only stands still keeps
 * them.
 */
final class LoadLeases implements AutoCloseable {
  private static final int VALID_WITHIN_SECONDS = 5;
  private static final String READ_ONLY = "25006"; // PostgreSQL documentation, appendix A

  private final DataSource unpooled;
  private final Set<Integer> held = new HashSet<>();
  private @Nullable Connection connection;

  LoadLeases(DataSource unpooled) {
    this.unpooled = unpooled;
  }

  /** Takes the lease of the load; false if some process has it, this one included. */
  synchronized boolean tryTake(int loadId) throws SQLException {
    if (held.contains(loadId)) {
      return false;
    }
    if (connection == null) {
      connection = atWriter();
    }
    if (!LeadLocks.tryTake(connection, loadId)) {
      return false;
    }
    held.add(loadId);
    return true;
  }

  // For some seconds after a failover the database's name still leads to the old writer.
  private Connection atWriter() throws SQLException {
    var opened = unpooled.getConnection();
    if (!LeadLocks.areAtWriter(opened)) {
      opened.close();
      throw new SQLException("the server is a reader", READ_ONLY);
    }
    return opened;
  }

  /** Releases the lease of the load, if this process has it. */
  synchronized void release(int loadId) {
    if (held.remove(loadId) && connection != null) {
      try {
        LeadLocks.release(connection, loadId);
      } catch (SQLException e) {
        // All locks of the connection end with it.
        drop();
      }
    }
  }

  /**
   * Makes sure that the locks are still there.
   *
   * @return the loads that this process no longer leads, because its connection broke, or leads to
   *     a server that is no longer the writer
   */
  synchronized Set<Integer> lost() {
    if (connection == null || isValid(connection)) {
      return Set.of();
    }
    drop();
    var lost = Set.copyOf(held);
    held.clear();
    return lost;
  }

  private static boolean isValid(Connection connection) {
    try {
      return connection.isValid(VALID_WITHIN_SECONDS) && LeadLocks.areAtWriter(connection);
    } catch (SQLException e) {
      return false;
    }
  }

  private void drop() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // It is broken already.
      }
      connection = null;
    }
  }

  @Override
  public synchronized void close() {
    drop();
    held.clear();
  }
}
