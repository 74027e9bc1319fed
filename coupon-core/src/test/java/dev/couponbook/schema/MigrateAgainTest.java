package dev.couponbook.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.schema.MigrationException.Kind;
import dev.couponbook.store.tidy.AdmitPrograms;
import dev.couponbook.testing.DatabaseGate;
import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** What {@code migrate} makes of a database that has a schema already. */
class MigrateAgainTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private MigrateDatabase migration(DataSource owner) {
    return new MigrateDatabase(owner, database.url());
  }

  private MigrateDatabase migration() {
    return migration(database.owner());
  }

  private void execute(String sql) throws SQLException {
    try (var connection = database.superuser().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void refused(MigrateDatabase migration, String... words) {
    assertThatThrownBy(() -> migration.run(Map.of()))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
        .message()
        .contains(words)
        .hasLineCount(1);
  }

  // The server's log has statements, in some settings all of them.
  @Test
  void the_server_never_sees_a_password() throws SQLException {
    try (var gate = new DatabaseGate(database.port())) {
      var owner = new PGSimpleDataSource();
      owner.setUrl(gate.url(database.url()));
      owner.setUser("coupon_owner");
      owner.setPassword(database.password());
      owner.setSocketTimeout(5); // the gate stands still at what it must not see
      var seen = gate.stopBefore("open-sesame");
      new MigrateDatabase(owner, gate.url(database.url())).run(Map.of("coupon_ops", "open-sesame"));
      assertThat(seen).isNotDone();
    }
    assertThat(database.text("SELECT rolpassword FROM pg_authid WHERE rolname = 'coupon_ops'"))
        .startsWith("SCRAM-SHA-256$");
  }

  @Test
  void an_owner_that_does_not_own_the_tables_is_refused() throws SQLException {
    execute("DELETE FROM flyway_schema_history WHERE installed_rank > 13");
    execute("CREATE ROLE other_owner LOGIN CREATEROLE");
    try {
      for (var role : AdmitPrograms.ROLES) {
        execute("GRANT " + role + " TO other_owner WITH ADMIN OPTION");
      }
      execute("GRANT CREATE ON SCHEMA public TO other_owner");
      execute(
          "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO other_owner', current_database()); END $$");
      execute("GRANT ALL ON flyway_schema_history TO other_owner");
      refused(
          migration(database.as("other_owner")),
          "may not do what a step of the schema",
          "must be owner");
    } finally {
      execute("DROP OWNED BY other_owner");
      execute("DROP ROLE other_owner");
    }
  }

  @Test
  void a_newer_schema_is_left_alone_and_told_of_when_it_runs_these_programs_no_longer()
      throws SQLException {
    execute(
        """
        INSERT INTO flyway_schema_history
          (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
        VALUES (1000, '1000', 'newer', 'SQL', 'V1000__newer.sql', 1, 'coupon_owner', 1, true)
        """);
    var done = migration().run(Map.of());
    assertThat(done.steps()).isZero();
    assertThat(done.version()).isEqualTo(1000);
    execute(
        """
        CREATE OR REPLACE VIEW schema_state (version, oldest_programs) AS
        SELECT max(version::integer), 1000 FROM flyway_schema_history WHERE success
        """);
    refused(migration(), "is at step 1000", "no longer run on it", "Nothing was changed.");
  }

  @Test
  void a_schema_that_other_steps_made_is_refused() throws SQLException {
    execute("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '5'");
    refused(migration(), "was made by other steps than this version's", "version 5");
  }

  @Test
  void a_step_that_never_ended_is_told() throws SQLException {
    execute("UPDATE flyway_schema_history SET success = false WHERE version = '32'");
    refused(migration(), "Step 32 of the schema", "was begun and never ended");
  }
}
