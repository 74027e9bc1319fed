package dev.couponbook.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What a pool must do so that its program gets over a failover: throw a connection away that leads
 * to a server which is no longer the writer. A pool by itself does so only when a connection
 * breaks; one to a writer that became a reader would stay, and fail each write.
 */
public final class SurviveFailover implements SQLExceptionOverride {
  // A connection that only reads notices nothing of a failover and goes on at the old writer, a
  // little behind; and the name of the cluster leads new ones elsewhere.
  private static final Duration OLDEST_CONNECTION = Duration.ofMinutes(10);

  // The pool's own is as long as the life of a connection now is, which it warns of at each start.
  private static final Duration LONGEST_IDLE = Duration.ofMinutes(5);

  private SurviveFailover() {}

  /** Makes a pool throw such connections away; its sizes must be set by then. */
  public static void with(HikariConfig config) {
    config.setExceptionOverride(new SurviveFailover());
    config.setMaxLifetime(OLDEST_CONNECTION.toMillis());
    int idle = config.getMinimumIdle();
    if (idle >= 0 && idle < config.getMaximumPoolSize()) {
      config.setIdleTimeout(LONGEST_IDLE.toMillis());
    }
  }

  // PostgreSQL documentation, appendix A. That the connection broke (class 08), or was ended by the
  // server (57P01 to 57P03), the pool knows by itself.
  @java.lang.Override // the interface has a type of that name
  public Override adjudicate(SQLException e) {
    return switch (String.valueOf(e.getSQLState())) {
      // a write in a read-only transaction: the server has become a reader
      case "25006" -> Override.MUST_EVICT;
      // the database was dropped, or the session was idle for too long
      case "57P04", "57P05" -> Override.MUST_EVICT;
      default -> Override.CONTINUE_EVICT;
    };
  }
}
