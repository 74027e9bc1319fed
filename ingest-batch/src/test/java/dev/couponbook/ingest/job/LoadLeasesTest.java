package dev.couponbook.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.couponbook.ingest.settings.IngestSettings;
import dev.couponbook.program.Environment;
import dev.couponbook.testing.StartupFront;
import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

class LoadLeasesTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private LoadLeases ours;
  private LoadLeases theirs;

  @BeforeEach
  void connect() {
    ours = new LoadLeases(unpooled(database, "ours"));
    theirs = new LoadLeases(unpooled(database, "theirs"));
  }

  static PGSimpleDataSource unpooled(TestDatabase database, String name) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setUrl(database.url());
    dataSource.setUser("coupon_ingest");
    dataSource.setPassword(database.password());
    dataSource.setApplicationName(name);
    return dataSource;
  }

  static void kill(TestDatabase database, String name) {
    database.number(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = ?",
        name);
  }

  @Test
  void one_process_leads_a_load_until_it_lets_go() throws SQLException {
    assertThat(ours.tryTake(1)).isTrue();
    assertThat(ours.tryTake(1)).as("once more in the same process").isFalse();
    assertThat(theirs.tryTake(1)).isFalse();
    assertThat(theirs.tryTake(2)).as("another load").isTrue();
    ours.release(1);
    assertThat(theirs.tryTake(1)).isTrue();
  }

  @Test
  void process_that_does_not_lead_a_load_cannot_release_it() throws SQLException {
    assertThat(ours.tryTake(1)).isTrue();
    theirs.release(1);
    assertThat(theirs.tryTake(1)).isFalse();
  }

  @Test
  void leases_are_taken_through_a_front_that_refuses_options() throws SQLException {
    try (var front = new StartupFront(database.port())) {
      var settings =
          IngestSettings.from(
              new Environment(
                  Map.of(
                      "COUPON_DB_URL",
                      front.url(database.url()),
                      "COUPON_DB_PASSWORD",
                      database.password())));
      var pool = database.as("coupon_ingest");
      try (var leases =
          new JobConfiguration(pool, new JdbcTransactionManager(pool)).loadLeases(settings)) {
        assertThat(leases.tryTake(1)).isTrue();
      }
      assertThat(front.passed()).isEqualTo(1);
    }
  }

  @Test
  void leases_end_with_their_process() throws SQLException {
    assertThat(ours.tryTake(1)).isTrue();
    ours.close();
    assertThat(theirs.tryTake(1)).isTrue();
  }

  @Test
  void broken_connection_loses_its_leases_and_says_which() throws SQLException {
    assertThat(ours.lost()).as("before the first lease").isEmpty();
    assertThat(ours.tryTake(1)).isTrue();
    assertThat(ours.tryTake(2)).isTrue();
    assertThat(ours.lost()).as("while the connection is good").isEmpty();
    kill(database, "ours");
    assertThat(ours.lost()).containsExactlyInAnyOrder(1, 2);
    assertThat(ours.lost()).as("is told once").isEmpty();
    assertThat(theirs.tryTake(1)).isTrue();
    assertThat(ours.tryTake(2)).as("over a new connection").isTrue();
  }

  @Test
  void leases_at_a_writer_that_became_a_reader_are_lost_and_none_are_taken_there()
      throws Exception {
    assertThat(ours.tryTake(1)).isTrue();
    try (var _ = database.oldWriter("coupon_ingest")) {
      await().until(() -> ours.lost().equals(Set.of(1)));
      assertThat(ours.tryTake(1)).as("at the new writer").isTrue();
    }
    var reader = unpooled(database, "reader");
    reader.setReadOnly(true);
    reader.setReadOnlyMode("always");
    try (var atReader = new LoadLeases(reader)) {
      assertThatThrownBy(() -> atReader.tryTake(2))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
    }
  }

  @Test
  void release_over_a_broken_connection_frees_the_lease_too() throws SQLException {
    assertThat(ours.tryTake(1)).isTrue();
    kill(database, "ours");
    ours.release(1);
    assertThat(theirs.tryTake(1)).isTrue();
  }
}
