package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WorkerMetersTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final WorkerMeters meters = new WorkerMeters(registry);

  /** Fails as PostgreSQL does with this state. */
  private void failWith(String sqlState) {
    var transactions = new Transactions(database.as("coupon_worker"));
    assertThatThrownBy(() ->
            meters.batch(
                () -> transactions.inTransaction(connection -> raise(connection, sqlState))))
        .isInstanceOf(DatabaseException.class);
  }

  private static boolean raise(Connection connection, String sqlState) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.execute(
          "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '%s'; END $$".formatted(sqlState));
    }
  }

  private double refused() {
    return registry.get("coupon.writes.refused").counter().count();
  }

  @Test
  void batches_are_counted_that_had_no_room_on_the_disk() {
    failWith("40P01");
    assertThat(refused()).isZero();
    failWith("53100");
    assertThat(refused()).isEqualTo(1);
    assertThat(registry.get("coupon.batch").timer().count()).isEqualTo(2);
  }
}
