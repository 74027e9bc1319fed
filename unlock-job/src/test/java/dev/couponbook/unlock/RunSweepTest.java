package dev.couponbook.unlock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.store.tidy.Sweep;
import dev.couponbook.testing.CouponFactory;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.TestDatabase;
import dev.couponbook.unlock.RunSweep.Swept;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one sweep takes, and where it ends. */
class RunSweepTest {
  private static final Swept NOTHING = new Swept(0, 0, 0, 0, 0, 0, 0, 0);
  private static final Duration OUTCOMES = Duration.ofDays(3);
  private static final Duration FORGOTTEN = Duration.ofDays(28);
  private static final Duration REJECTS = Duration.ofDays(5);
  private static final Duration AUDIT = Duration.ofDays(7);

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private CouponFactory rows;
  private BookRow book;
  private RunSweep sweep;

  @BeforeEach
  void createBook() {
    rows = database.rows();
    book = rows.book(rows.partner());
    sweep = sweep(2, 3);
  }

  private RunSweep sweep(int batch, int mostBatches) {
    var settings =
        new UnlockSettings(
            new DatabaseSettings(database.url(), "coupon_sweep", database.password()),
            "coupon-sweeps",
            OUTCOMES,
            REJECTS,
            AUDIT);
    return new RunSweep(
        new Transactions(database.as("coupon_sweep")), settings, batch, mostBatches);
  }

  private void execute(String sql, Object... values) throws SQLException {
    try (var connection = database.owner().getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  @Test
  void sweep_without_anything_due_does_nothing() {
    rows.free(book, 3);
    rows.locked(book, "ann@x");
    sweep.runOnce();
    assertThat(sweep.runOnce()).as("when the counts are folded").isEqualTo(NOTHING);
    assertThat(database.number("SELECT count(*) FROM coupon_lock")).isEqualTo(1);
  }

  @Test
  void each_thing_that_is_due_is_swept_and_counted() throws SQLException {
    rows.expiredLock(book, "ann@x");
    rows.freeUntil(book, database.clock().now().minusSeconds(1));
    assertThat(sweep.runOnce()).isEqualTo(new Swept(1, 1, 1, 0, 0, 0, 0, 0));
    assertThat(database.number("SELECT count(*) FROM coupon_lock")).isZero();
    assertThat(database.number("SELECT void FROM coupon_book_delta")).isEqualTo(1);
  }

  @Test
  void batches_follow_until_one_is_not_full() {
    for (int i = 0; i < 5; i++) {
      rows.expiredLock(book, "ann@x");
    }
    assertThat(sweep.runOnce().locksFreed()).isEqualTo(5);
  }

  @Test
  void sweep_ends_after_its_most_batches_and_the_next_one_goes_on() {
    for (int i = 0; i < 8; i++) {
      rows.expiredLock(book, "ann@x");
    }
    assertThat(sweep.runOnce().locksFreed()).as("three batches of two").isEqualTo(6);
    assertThat(sweep.runOnce().locksFreed()).isEqualTo(2);
  }

  @Test
  void sweep_that_runs_already_is_left_alone() {
    rows.expiredLock(book, "ann@x");
    var other = new Transactions(database.as("coupon_sweep"));
    Swept beside =
        other.inTransaction(connection -> {
          assertThat(Sweep.begin(connection)).isTrue();
          return sweep.runOnce();
        });
    assertThat(beside).isEqualTo(NOTHING);
    assertThat(sweep.runOnce().locksFreed()).isEqualTo(1);
  }

  @Test
  void answers_and_tries_are_kept_for_their_retention_to_the_second() throws SQLException {
    var now = database.clock().now();
    database.clock().set(now);
    for (var age : new Duration[] {OUTCOMES, OUTCOMES.plusSeconds(1)}) {
      execute(
          """
          INSERT INTO command_outcome (request_id, partner_id, kind, fingerprint, status, body, finished_at)
          VALUES (gen_random_uuid(), ?, 'assign', '\\x00', 200, '{}', ?::timestamptz)
          """,
          book.partner(),
          now.minus(age).toString());
      execute(
          "INSERT INTO command_try (request_id, tries, last_at) VALUES (gen_random_uuid(), 1, ?::timestamptz)",
          now.minus(age).toString());
    }
    var swept = sweep.runOnce();
    assertThat(swept.outcomesDropped()).isEqualTo(1);
    assertThat(swept.triesDropped()).isEqualTo(1);
    assertThat(database.number("SELECT count(*) FROM command_outcome")).isEqualTo(1);
    assertThat(database.number("SELECT count(*) FROM command_try")).isEqualTo(1);

    assertThat(database.number("SELECT count(*) FROM command_forgotten")).isEqualTo(1);
    database.clock().set(now.plus(FORGOTTEN));
    assertThat(sweep.runOnce().forgottenDropped()).as("known for four weeks").isZero();
    database.clock().set(now.plus(FORGOTTEN).plusSeconds(1));
    var later = sweep.runOnce();
    assertThat(later.outcomesDropped()).isEqualTo(0);
    assertThat(later.forgottenDropped()).isEqualTo(1);
  }

  @Test
  void rejects_are_kept_for_their_retention_after_the_end_of_their_load() throws SQLException {
    rows.free(book);
    execute(
        """
        INSERT INTO code_reject (load_id, part, line, byte_offset, reason, raw)
        SELECT id, 0, line, 0, 'no_code', '' FROM code_load, generate_series(1, 3) AS line
        """);
    var finished = database.clock().now();
    database.clock().set(finished.plus(REJECTS).minusSeconds(60));
    assertThat(sweep.runOnce().rejectsDropped()).isZero();
    database.clock().set(finished.plus(REJECTS).plusSeconds(60));
    assertThat(sweep.runOnce().rejectsDropped()).isEqualTo(3);
  }

  @Test
  void audit_is_kept_for_its_retention() throws SQLException {
    rows.assigned(book, "ann@x");
    long audited = database.number("SELECT count(*) FROM coupon_audit");
    var now = database.clock().now();
    database.clock().set(now.plus(AUDIT).minusSeconds(60));
    assertThat(sweep.runOnce().auditDropped()).isZero();
    database.clock().set(now.plus(AUDIT).plusSeconds(60));
    assertThat((long) sweep.runOnce().auditDropped()).isEqualTo(audited);
  }

  @Test
  void program_that_sweeps_once_needs_no_queue() {
    rows.expiredLock(book, "ann@x");
    var swept =
        Unlock.sweepOnce(
            Map.of("COUPON_DB_URL", database.url(), "COUPON_DB_PASSWORD", database.password()));
    assertThat(swept.locksFreed()).isEqualTo(1);
  }
}
