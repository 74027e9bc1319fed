package dev.couponbook.edge.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.couponbook.edge.SharedEdge;
import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.testing.StartupFront;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PoolTest {
  private static final DatabaseSettings DIRECT = SharedEdge.database();
  private static final StartupFront FRONT =
      new StartupFront(URI.create(DIRECT.url().substring("jdbc:".length())).getPort());
  private static final DatabaseSettings THROUGH_FRONT =
      new DatabaseSettings(FRONT.url(DIRECT.url()), DIRECT.user(), DIRECT.password());

  @AfterAll
  static void close() {
    FRONT.close();
  }

  @Test
  void connections_ask_for_nothing_unusual_and_have_the_limits_of_their_role() throws SQLException {
    try (var pool =
            new Database().pool(THROUGH_FRONT, PoolSize.FUNCTION, new SimpleMeterRegistry());
        var connection = pool.getConnection();
        var row =
            connection
                .createStatement()
                .executeQuery(
                    """
                    SELECT current_setting('statement_timeout'),
                           current_setting('default_transaction_read_only'),
                           current_setting('search_path')
                    """)) {
      row.next();
      assertThat(row.getString(1)).isEqualTo("1500ms");
      assertThat(row.getString(2)).isEqualTo("on");
      assertThat(row.getString(3)).isEqualTo("edge, public");
    }
  }

  @Test
  void outcomes_are_heard_of_through_a_front_that_refuses_options() {
    try (var news = new OutcomeNews(THROUGH_FRONT, true)) {
      news.begin(_ -> {});
      await().until(() -> news.address().isPresent());
    }
  }

  /** The front refuses what RDS Proxy refuses, or the two tests above would prove nothing. */
  @Test
  void a_connection_with_options_is_refused() {
    var properties = new Properties();
    properties.setProperty("user", DIRECT.user());
    properties.setProperty("password", DIRECT.password());
    properties.setProperty("options", "-c statement_timeout=1500ms");
    assertThatThrownBy(() -> DriverManager.getConnection(THROUGH_FRONT.url(), properties))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("Feature not supported: [options]");
  }
}
