package dev.couponbook.edge.database;

import dev.couponbook.coupon.RequestId;
import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.store.read.HearOutcomes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the workers which requests have their outcome, as long as the database lets it. Nobody
 * may rely on it: a connection that is cut, a reader replica or a pooler in between make it deaf,
 * and it says so.
 */
public final class OutcomeNews implements AutoCloseable {
  private static final Duration LISTENS_FOR = Duration.ofSeconds(1);
  // A connection that a firewall has dropped says nothing for ever.
  private static final int SILENCES_UNTIL_ASKED = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PAUSE_WHILE_AWAY = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeNews.class);

  private final DatabaseSettings settings;
  private final boolean listens;
  private final String address = HearOutcomes.newAddress();
  private volatile boolean hears;
  private volatile boolean closed;
  private boolean told;

  /**
   * @param listens false: it never hears anything
   */
  public OutcomeNews(DatabaseSettings settings, boolean listens) {
    this.settings = settings;
    this.listens = listens;
  }

  /**
   * Begins to listen.
   *
   * @param listener gets the requests that have their outcome, in a thread for itself
   */
  public void begin(Consumer<List<RequestId>> listener) {
    if (listens) {
      Thread.ofPlatform().daemon().name("outcome-news").start(() -> run(listener));
    }
  }

  /** Where workers tell of outcomes; empty while it hears nothing. */
  public Optional<String> address() {
    return hears ? Optional.of(address) : Optional.empty();
  }

  private void run(Consumer<List<RequestId>> listener) {
    while (!closed) {
      try (var connection = connect()) {
        listen(new HearOutcomes(connection, address), listener);
      } catch (SQLException | RuntimeException e) { // anybody may write to an address, in any form
        tell(e);
      } finally {
        hears = false;
      }
      LockSupport.parkNanos(PAUSE_WHILE_AWAY.toNanos());
    }
  }

  private void listen(HearOutcomes outcomes, Consumer<List<RequestId>> listener)
      throws SQLException {
    hears = true;
    told = false;
    int silences = 0;
    while (!closed) {
      var ids = outcomes.next(LISTENS_FOR);
      silences = ids.isEmpty() ? silences + 1 : 0;
      if (!ids.isEmpty()) {
        listener.accept(ids);
      } else if (silences % SILENCES_UNTIL_ASKED == 0 && !outcomes.isAlive(PATIENCE)) {
        throw new SQLException("the connection is silent");
      }
    }
  }

  private Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password());
    properties.setProperty("ApplicationName", "api-edge-news");
    properties.setProperty("connectTimeout", Long.toString(PATIENCE.toSeconds()));
    properties.setProperty("socketTimeout", Long.toString(PATIENCE.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    return DriverManager.getConnection(settings.url(), properties);
  }

  // Once for each time that the database goes away.
  private void tell(Exception failure) {
    if (!told && !closed) {
      told = true;
      LOG.warn(
          "outcomes are not heard of, and are looked up more often instead: {}",
          failure.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
