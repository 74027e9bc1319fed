package dev.couponbook.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.schema.MigrationException.Kind;
import dev.couponbook.store.tidy.AdmitPrograms;
import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

class MigrateDatabaseTest {
  @RegisterExtension static final TestDatabase server = new TestDatabase();

  @RegisterExtension final NewDatabase database = new NewDatabase(server);

  private MigrateDatabase migration(String owner) {
    return new MigrateDatabase(database.as(owner), database.url());
  }

  private MigrateDatabase migration() {
    return migration("coupon_owner");
  }

  private static Map<String, String> passwords() {
    var passwords = new HashMap<String, String>();
    AdmitPrograms.ROLES.forEach(role -> passwords.put(role, server.password()));
    return passwords;
  }

  private void refused(MigrateDatabase migration, String... words) {
    assertThatThrownBy(() -> migration.run(Map.of()))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
        .message()
        .contains(words)
        .hasLineCount(1);
  }

  @Test
  void a_database_that_is_migrated_again_stays_as_it_is() throws SQLException {
    var done = migration().run(passwords());
    assertThat(done.version()).isEqualTo(Schema.VERSION);
    assertThat(done.steps()).isPositive();
    assertThat(done.withoutLogin()).isEmpty();
    assertThat(migration().run(Map.of()).steps()).isZero();
    assertThat(database.text("SELECT version || ' ' || oldest_programs FROM schema_state"))
        .startsWith(Schema.VERSION + " ");
  }

  @Test
  void a_check_says_what_is_missing_and_changes_nothing() throws SQLException {
    database.onServer("ALTER ROLE coupon_sweep NOLOGIN");
    assertThat(migration().missing())
        .hasSize(2)
        .anySatisfy(sentence -> assertThat(sentence).contains("version 0", "steps 1, 2, 3"))
        .anySatisfy(sentence -> assertThat(sentence).contains("may not log in: coupon_sweep."));
    var tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assertThat(database.text(tables)).isEqualTo("0");
    assertThat(migration().run(passwords()).withoutLogin()).isEmpty();
    assertThat(migration().missing()).isEmpty();
  }

  @Test
  void several_at_once_take_turns() throws Exception {
    try (var both = Executors.newFixedThreadPool(4)) {
      Callable<Integer> run = () -> migration().run(passwords()).version();
      for (var version : both.invokeAll(List.of(run, run, run, run))) {
        assertThat(version.get()).isEqualTo(Schema.VERSION);
      }
    }
  }

  @Test
  void a_database_that_is_not_there_is_refused() {
    var away = new PGSimpleDataSource();
    away.setUrl(database.url().replace("to_be_migrated", "not_there"));
    away.setUser("coupon_owner");
    refused(
        new MigrateDatabase(away, "jdbc:…/not_there"), "There is no database at jdbc:…/not_there");
  }

  @Test
  void a_server_that_does_not_answer_is_unreachable() {
    var away = new PGSimpleDataSource();
    away.setUrl("jdbc:postgresql://127.0.0.1:9/couponbook");
    away.setUser("coupon_owner");
    assertThatThrownBy(() -> new MigrateDatabase(away, "jdbc:…:9/couponbook").missing())
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .hasMessageContaining("No server answers for jdbc:…:9/couponbook");
  }

  @Test
  void an_owner_that_may_not_log_in_is_refused() {
    refused(migration("nobody"), "does not let the owner in", "COUPON_OWNER_PASSWORD");
  }

  @Test
  void an_owner_without_a_right_is_told_the_statement_that_gives_it() throws SQLException {
    database.onServer("CREATE ROLE poor_owner LOGIN");
    try {
      refused(
          migration("poor_owner"),
          "ALTER ROLE poor_owner CREATEROLE; ",
          "GRANT CREATE ON DATABASE to_be_migrated TO poor_owner; ",
          "GRANT CREATE ON SCHEMA public TO poor_owner; ",
          "GRANT coupon_edge TO poor_owner WITH ADMIN OPTION");
      assertThat(migration("poor_owner").missing().getFirst()).contains("CREATEROLE");
    } finally {
      database.onServer("DROP ROLE poor_owner");
    }
  }

  @Test
  void tables_of_somebody_else_are_left_alone() throws SQLException {
    database.execute("CREATE TABLE theirs (n integer)");
    refused(migration(), "has tables and no record of the steps that made them");
  }
}
