package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.program.Environment;
import dev.couponbook.testing.StartupFront;
import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PoolTest {
  @RegisterExtension static final TestDatabase database = new TestDatabase();

  @Test
  void connections_ask_for_nothing_unusual_and_have_the_limits_of_their_role() throws SQLException {
    try (var front = new StartupFront(database.port());
        var pool = new WorkerConfiguration().pool(settings(front));
        var connection = pool.getConnection();
        var row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")) {
      row.next();
      assertThat(row.getString(1)).isEqualTo("30s");
      assertThat(row.getString(2)).isEqualTo("10s");
      assertThat(front.passed()).isPositive();
    }
  }

  private static WorkerSettings settings(StartupFront front) {
    return WorkerSettings.from(
        new Environment(
            Map.of(
                "COUPON_DB_URL",
                front.url(database.url()),
                "COUPON_DB_PASSWORD",
                database.password())));
  }
}
