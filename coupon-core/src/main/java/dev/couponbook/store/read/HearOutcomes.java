package dev.couponbook.store.read;

import dev.couponbook.coupon.RequestId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears of outcomes as soon as workers have committed them ({@link
 * dev.couponbook.store.batch.TellOutcomes}), over a connection of its own. A database that was away
 * has forgotten what it would have told.
 */
public final class HearOutcomes {
  private final Connection connection;
  private final PGConnection news;

  /** An address that no other edge has. It is a name in PostgreSQL. */
  public static String newAddress() {
    var random = new byte[8];
    ThreadLocalRandom.current().nextBytes(random);
    return "coupon_outcomes_" + HexFormat.of().formatHex(random);
  }

  /**
   * Begins to listen; what is told from now on is heard.
   *
   * @param connection one that does not go back to a pool, as it listens as long as it is open
   * @param address made by {@link #newAddress}
   */
  public HearOutcomes(Connection connection, String address) throws SQLException {
    this.connection = connection;
    this.news = connection.unwrap(PGConnection.class);
    try (var listen = connection.createStatement()) {
      listen.execute("LISTEN " + address);
    }
  }

  /**
   * Waits for news, and takes all that is there.
   *
   * @return empty if there is none within the time
   */
  public List<RequestId> next(Duration longest) throws SQLException {
    var ids = new ArrayList<RequestId>();
    PGNotification[] told = news.getNotifications((int) longest.toMillis());
    if (told != null) {
      for (var one : told) {
        for (var id : one.getParameter().split(",")) {
          ids.add(RequestId.parse(id));
        }
      }
    }
    return ids;
  }

  /** Whether the database still answers over this connection. */
  public boolean isAlive(Duration longest) throws SQLException {
    return connection.isValid((int) longest.toSeconds());
  }
}
