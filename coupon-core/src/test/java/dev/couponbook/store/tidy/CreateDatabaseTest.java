package dev.couponbook.store.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CreateDatabaseTest {
  private static final String NAME = "created_for_a_test";

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @AfterEach
  void drop() throws SQLException {
    execute("DROP DATABASE IF EXISTS " + NAME);
  }

  private void execute(String sql) throws SQLException {
    try (var connection = database.superuser().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void create(String password) throws SQLException {
    try (var connection = database.superuser().getConnection()) {
      CreateDatabase.owner(connection, password);
      CreateDatabase.database(connection, NAME);
    }
  }

  // The server of the tests lets everybody in, so that a login would prove nothing.
  private String password(String role) {
    return database.text("SELECT rolpassword FROM pg_authid WHERE rolname = ?", role);
  }

  @Test
  void what_is_there_already_stays_and_takes_the_new_password() throws SQLException {
    create("first");
    var first = password("coupon_owner");
    assertThat(first).startsWith("SCRAM-SHA-256$");
    create("it's another");
    assertThat(password("coupon_owner")).startsWith("SCRAM-SHA-256$").isNotEqualTo(first);
    var owner = "SELECT datdba::regrole FROM pg_database WHERE datname = ?";
    assertThat(database.text(owner, NAME)).isEqualTo("coupon_owner");
  }
}
