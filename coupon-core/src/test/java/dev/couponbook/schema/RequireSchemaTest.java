package dev.couponbook.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.testing.DatabaseGate;
import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class RequireSchemaTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private void execute(String sql) throws SQLException {
    try (var connection = database.owner().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void check(String role) {
    RequireSchema.of(new DatabaseSettings(database.url(), role, database.password()));
  }

  private void takeTheLastStepBack() throws SQLException {
    execute("DELETE FROM flyway_schema_history WHERE version = '" + Schema.VERSION + "'");
  }

  private void takeOneMoreStep() throws SQLException {
    execute(
        """
        INSERT INTO flyway_schema_history
          (installed_rank, version, description, type, script, installed_by, execution_time, success)
        VALUES (1000, '1000', 'newer', 'SQL', 'V1000__newer.sql', 'coupon_owner', 1, true)
        """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"coupon_edge", "coupon_worker", "coupon_ingest", "coupon_sweep"})
  void a_program_of_any_role_runs_on_its_own_schema_and_on_a_newer_one_and_on_no_older(String role)
      throws SQLException {
    assertThatCode(() -> check(role)).doesNotThrowAnyException();
    takeOneMoreStep();
    assertThatCode(() -> check(role)).doesNotThrowAnyException();
    execute("DELETE FROM flyway_schema_history WHERE version = '1000'");
    takeTheLastStepBack();
    assertThatThrownBy(() -> check(role))
        .isInstanceOf(WrongSchemaException.class)
        .hasMessageContaining("is at step ")
        .hasMessageContaining("needs step " + Schema.VERSION + ": run migrate")
        .message()
        .hasLineCount(1);
  }

  @Test
  void a_schema_from_before_it_told_its_version_is_too_old() throws SQLException {
    execute("DROP VIEW schema_state");
    assertThatThrownBy(() -> check("coupon_worker"))
        .isInstanceOf(WrongSchemaException.class)
        .hasMessageContaining("is older than step 32, and this version needs step ");
  }

  @Test
  void a_schema_that_has_taken_away_what_this_version_needs_is_too_new() throws SQLException {
    takeOneMoreStep();
    execute(
        """
        CREATE OR REPLACE VIEW schema_state (version, oldest_programs) AS
        SELECT max(version::integer), 1000 FROM flyway_schema_history WHERE success
        """);
    assertThatThrownBy(() -> check("coupon_worker"))
        .isInstanceOf(WrongSchemaException.class)
        .hasMessageContaining(
            "at step 1000, and programs from before step 1000 no longer run on it");
  }

  @Test
  void a_database_that_is_away_is_looked_at_when_it_answers() throws Exception {
    takeTheLastStepBack();
    var sentence = new CompletableFuture<String>();
    try (var gate = new DatabaseGate(database.port())) {
      gate.set(DatabaseGate.State.CUT);
      var source = new PGSimpleDataSource();
      source.setUrl(gate.url(database.url()));
      source.setUser("coupon_worker");
      source.setPassword(database.password());
      new RequireSchema(source, "here", sentence::complete).check();
      assertThat(sentence).isNotDone();
      gate.set(DatabaseGate.State.OPEN);
      assertThat(sentence.get(20, TimeUnit.SECONDS)).startsWith("the schema of here is at step ");
    }
  }
}
