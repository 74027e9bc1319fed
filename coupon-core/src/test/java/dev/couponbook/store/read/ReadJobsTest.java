package dev.couponbook.store.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.LoadOrders;
import dev.couponbook.store.load.LoadOrders.Action;
import dev.couponbook.store.read.LoadProgress.RowCounts;
import dev.couponbook.store.read.ReadJobs.Job;
import dev.couponbook.store.read.ReadJobs.Order;
import dev.couponbook.store.read.ReadJobs.Reject;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.CouponFactory.LoadRow;
import dev.couponbook.testing.TestDatabase;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReadJobsTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private BookRow book;

  @BeforeEach
  void addBook() {
    var rows = database.rows();
    book = rows.book(rows.partner("acme"));
  }

  private <T> T ops(Transactions.Work<T> work) {
    return new Transactions(database.as("coupon_ops")).inTransaction(work);
  }

  private Job job(LoadRow load) {
    return ops(c -> ReadJobs.find(c, load.id())).orElseThrow();
  }

  /** What the partner sees. */
  private LoadProgress polled(LoadRow load) {
    return new Transactions(database.as("coupon_edge"))
        .inTransaction(c -> ReadLoads.find(c, new PartnerId(book.partner()), new LoadId(load.id())))
        .orElseThrow()
        .progress();
  }

  private void order(LoadRow load, Action action) {
    ops(c -> LoadOrders.add(c, load.number(), action, "olga", "a test"));
    var ingest = new Transactions(database.as("coupon_ingest"));
    assertThat(
            ingest.<Boolean>inTransaction(c -> {
              LoadOrders.carryOut(c, LoadOrders.next(c).orElseThrow());
              return true;
            }))
        .isTrue();
  }

  @Test
  void operators_and_partners_see_the_same_progress_in_every_state() {
    database.clock().set(database.clock().now());
    for (var state : LoadState.values()) {
      switch (state) {
        case AWAITING_FILE, EXPIRED, STOPPED -> {} // the table has no such states
        case QUEUED, RUNNING, COMPLETED, COMPLETED_WITH_REJECTS, FAILED, CANCELLED, UNDONE -> {
          var load = database.rows().load(book, state.text(), 25);
          assertThat(job(load).progress()).isEqualTo(polled(load));
          assertThat(polled(load).state()).isEqualTo(state);
        }
      }
    }
  }

  @Test
  void a_load_that_an_operator_stopped_is_stopped_for_its_partner_too() {
    database.clock().set(database.clock().now());
    var load = database.rows().load(book, "running", 25);
    assertThat(polled(load).estimatedEnd()).isEqualTo(database.clock().now().plusSeconds(30));

    order(load, Action.STOP);
    assertThat(polled(load))
        .isEqualTo(
            new LoadProgress(LoadState.STOPPED, 25, new RowCounts(250, 0, 200, 50), 25, null));
    assertThat(job(load).progress()).isEqualTo(polled(load));

    order(load, Action.RESTART);
    assertThat(polled(load).state()).isEqualTo(LoadState.RUNNING);
    assertThat(polled(load).estimatedEnd()).isNotNull();
  }

  @Test
  void a_load_that_waits_is_stopped_as_well() {
    var load = database.rows().load(book, "queued", 0);
    order(load, Action.STOP);
    assertThat(polled(load).state()).isEqualTo(LoadState.STOPPED);
  }

  @Test
  void a_job_has_its_partner_its_file_and_its_time() {
    database.clock().set(database.clock().now());
    var job = job(database.rows().load(book, "failed", 50));
    assertThat(job.partner()).isEqualTo("acme");
    assertThat(job.kind()).isEqualTo("import");
    assertThat(job.fileName()).isEqualTo("codes.csv");
    assertThat(job.reason()).isEqualTo("The file is broken");
    assertThat(job.elapsed()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void the_latest_jobs_come_first_and_no_more_than_asked_for() {
    var rows = database.rows();
    rows.load(book, "completed", 100);
    var second = rows.load(book, "running", 10);
    var third = rows.load(rows.book(rows.partner()), "queued", 0);
    var latest = ops(c -> ReadJobs.latest(c, 2));
    assertThat(latest).extracting(Job::id).containsExactly(third.id(), second.id());
  }

  @Test
  void an_unknown_id_has_no_job() {
    var found = ops(c -> ReadJobs.find(c, UUID.randomUUID()));
    assertThat(found).isEmpty();
  }

  @Test
  void a_part_says_how_far_it_is_and_how_long_ago_its_last_chunk_was() {
    var load = database.rows().load(book, "running", 25);
    database.clock().set(database.clock().now().plusSeconds(90));
    var parts = ops(c -> ReadJobs.parts(c, load.number()));
    assertThat(parts).hasSize(1);
    var part = parts.getFirst();
    assertThat(part.percent()).isEqualTo(25);
    assertThat(part.isBegun()).isTrue();
    assertThat(part.isDone()).isFalse();
    assertThat(part.silentSeconds()).isBetween(80.0, 120.0);
    assertThat(new ReadJobs.Part(1, 5, 5, 5, 0, 0).percent()).isEqualTo(100);
  }

  @Test
  void orders_are_kept_with_who_and_why_and_what_became_of_them() {
    var load = database.rows().load(book, "running", 25);
    order(load, Action.RESTART);
    order(load, Action.STOP);
    var orders = ops(c -> ReadJobs.orders(c, load.number()));
    assertThat(orders).extracting(Order::action).containsExactly("restart", "stop");
    assertThat(orders).extracting(Order::who).containsOnly("olga");
    assertThat(orders).extracting(Order::why).containsOnly("a test");
    assertThat(orders).extracting(Order::done).containsOnly(true);
    assertThat(orders.getFirst().refusal()).contains("neither stopped");
    assertThat(orders.getLast().refusal()).isNull();
  }

  @Test
  void a_failure_is_told_in_the_words_of_postgresql_or_in_its_first_line() {
    var rows = database.rows();
    var load = rows.load(book, "running", 25);
    assertThat(ops(c -> ReadJobs.lastFailure(c, load.number())).isPresent()).isFalse();
    rows.failedExecution(load, "java.io.IOException: broken\n\tat Some.where");
    assertThat(ops(c -> ReadJobs.lastFailure(c, load.number())).orElseThrow())
        .isEqualTo("java.io.IOException: broken");
    rows.failedExecution(load, "Some.Exception\nCaused by: ERROR: disk full\n  Hint: none");
    assertThat(ops(c -> ReadJobs.lastFailure(c, load.number())).orElseThrow())
        .isEqualTo("ERROR: disk full");
    assertThat(ops(c -> ReadJobs.executions(c, load.number())).intValue()).isEqualTo(2);
  }

  @Test
  void rejected_rows_come_in_the_order_of_the_file_and_are_cut() {
    var rows = database.rows();
    var load = rows.load(book, "running", 25);
    rows.reject(load, 9, "bad_code", "x".repeat(300));
    rows.reject(load, 4, "bad_time", "y");
    var rejects = ops(c -> ReadJobs.rejects(c, load.number(), 10));
    assertThat(rejects)
        .containsExactly(
            new Reject(5, 40, "bad_time", "y"), new Reject(10, 90, "bad_code", "x".repeat(200)));
    assertThat(ops(c -> ReadJobs.rejects(c, load.number(), 1)).size()).isEqualTo(1);
  }

  @Test
  void a_partners_client_is_found_by_the_partners_name() {
    assertThat(ops(c -> ReadPartners.client(c, "acme")).orElseThrow())
        .isEqualTo(new ReadPartners.Client("acme", false));
    assertThat(ops(c -> ReadPartners.client(c, "nobody")).isPresent()).isFalse();
  }

  @Test
  void locks_are_counted_until_a_sweep_has_removed_their_rows() {
    var rows = database.rows();
    rows.expiredLock(book, "ann@x");
    rows.locked(book, "bob@x");
    rows.locked(rows.book(book.partner()), "ann@x");
    assertThat(ops(c -> ReadLocks.rows(c, new BookId(book.id()))).longValue()).isEqualTo(2);
  }
}
