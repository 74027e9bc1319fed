package dev.couponbook.ingest.job;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Who leads a load: advisory locks on one connection that is used for nothing else. The process
 * dies, the connection ends, the locks are free. A process that is only stopped keeps them.
 */
final class LoadLeases implements AutoCloseable {
  // Any number that no other user of advisory locks in this database has: "load" in ASCII.
  private static final int SPACE = 0x6C6F6164;

  private final DataSource unpooled;
  private final Set<Integer> held = new HashSet<>();
  private @Nullable Connection connection;

  LoadLeases(DataSource unpooled) {
    this.unpooled = unpooled;
  }

  private static final String TAKE = "SELECT pg_try_advisory_lock(?, ?)";

  /** Takes the lease of the load; false if some process has it, this one included. */
  synchronized boolean tryTake(int loadId) throws SQLException {
    if (held.contains(loadId) || !ask(TAKE, loadId)) {
      return false;
    }
    held.add(loadId);
    return true;
  }

  private static final String RELEASE = "SELECT pg_advisory_unlock(?, ?)";

  synchronized void release(int loadId) {
    if (held.remove(loadId)) {
      try {
        ask(RELEASE, loadId);
      } catch (SQLException e) {
        drop(); // with the connection all its locks end
      }
    }
  }

  /**
   * Makes sure that the locks are still there.
   *
   * @return the loads that this process led until its connection broke, and leads no more
   */
  synchronized Set<Integer> lost() {
    if (connection == null) {
      return Set.of();
    }
    try {
      if (connection.isValid(5)) {
        return Set.of();
      }
    } catch (SQLException e) {
      // as good as invalid
    }
    drop();
    var lost = Set.copyOf(held);
    held.clear();
    return lost;
  }

  private boolean ask(String sql, int loadId) throws SQLException {
    if (connection == null) {
      connection = unpooled.getConnection();
    }
    try (var statement = connection.prepareStatement(sql)) {
      statement.setInt(1, SPACE);
      statement.setInt(2, loadId);
      var row = statement.executeQuery();
      row.next();
      return row.getBoolean(1);
    }
  }

  private void drop() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // it is broken already
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
