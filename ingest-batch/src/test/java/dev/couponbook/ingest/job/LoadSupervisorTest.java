package dev.couponbook.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.job.LoadSupervisor.Retries;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoad.State;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.LoadOrders;
import dev.couponbook.store.load.LoadOrders.Action;
import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.step.StepExecution;

/** Who leads which load, round by round; what a job does is up to each test. */
class LoadSupervisorTest {
  private static final Retries AT_ONCE = new Retries(Duration.ZERO, Duration.ZERO, 3);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private final List<LoadSupervisor> supervisors = new ArrayList<>();
  private final List<RunningSteps> processes = new ArrayList<>();
  private final Map<Integer, AtomicInteger> runs = new ConcurrentHashMap<>();
  private BatchSlice batch;
  private Loads loads;
  private volatile BatchSlice.Work work = this::finish;

  @BeforeEach
  void createBook() {
    batch = new BatchSlice(database);
    loads = new Loads(database);
  }

  @AfterEach
  void stopProcesses() throws InterruptedException {
    processes.forEach(RunningSteps::stopAll);
    for (var supervisor : supervisors) {
      supervisor.close();
    }
  }

  /** A supervisor as another process has it. */
  private LoadSupervisor process(String name, int places, Retries retries) {
    return process(LoadLeasesTest.unpooled(database, name), places, retries);
  }

  private LoadSupervisor process(PGSimpleDataSource leases, int places, Retries retries) {
    var running = new RunningSteps();
    var importJob = batch.job("import", running, this::count);
    var generateJob = batch.job("generate", running, this::count);
    var supervisor =
        new LoadSupervisor(
            loads.transactions(),
            batch.jobs,
            batch.operator(importJob, generateJob),
            importJob,
            generateJob,
            new LoadLeases(leases),
            running,
            places,
            retries,
            Duration.ofHours(1));
    processes.add(running);
    supervisors.add(supervisor);
    return supervisor;
  }

  private void count(StepExecution step) throws Exception {
    runs.computeIfAbsent(LoadJobs.loadId(step), _ -> new AtomicInteger()).incrementAndGet();
    work.run(step);
  }

  private int runs(CodeLoad load) {
    return runs.getOrDefault(load.id(), new AtomicInteger()).get();
  }

  private void finish(StepExecution step) {
    loads
        .transactions()
        .inTransaction(
            c -> CodeLoads.finish(c, LoadJobs.loadId(step), State.COMPLETED, null, null, null));
  }

  /** Works until it is told to end. */
  private void work(StepExecution step) throws InterruptedException {
    while (!step.isTerminateOnly()) {
      Thread.sleep(5);
    }
  }

  private void awaitFinished(CodeLoad load) {
    await().atMost(PATIENCE).until(() -> loads.current(load).state().isFinal());
  }

  /** Rounds until this is so. */
  private void goRound(LoadSupervisor supervisor, BooleanSupplier until) {
    await()
        .atMost(PATIENCE)
        .until(() -> {
          supervisor.runOnce();
          return until.getAsBoolean();
        });
  }

  @Test
  void new_load_is_led_by_one_process_until_it_is_finished() throws SQLException {
    var load = loads.create(Loads.file(10));
    var done = new CountDownLatch(1);
    work =
        step -> {
          done.await();
          finish(step);
        };
    var ours = process("ours", 2, AT_ONCE);
    var theirs = process("theirs", 2, AT_ONCE);
    assertThat(ours.runOnce()).isEqualTo(1);
    assertThat(ours.runOnce()).as("once more in the same process").isZero();
    assertThat(theirs.runOnce()).as("in another process").isZero();
    done.countDown();
    awaitFinished(load);
    assertThat(theirs.runOnce()).as("when it is finished").isZero();
    assertThat(runs(load)).isEqualTo(1);
  }

  @Test
  void no_more_loads_are_led_than_there_are_places_and_the_oldest_come_first() throws SQLException {
    var first = loads.create(Loads.file(10));
    var second = loads.create(Loads.file(10));
    var third = loads.create(Loads.file(10));
    work = this::work;
    var supervisor = process("ours", 2, AT_ONCE);
    assertThat(supervisor.runOnce()).isEqualTo(2);
    assertThat(supervisor.runOnce()).isZero();
    await().atMost(PATIENCE).until(() -> runs(first) == 1 && runs(second) == 1);
    assertThat(runs(third)).isZero();
    work = this::finish;
    processes.getFirst().stopLoad(first.id());
    goRound(supervisor, () -> runs(third) == 1);
    awaitFinished(third);
  }

  @Test
  void leases_that_could_not_be_asked_for_take_no_places_away() throws SQLException {
    loads.create(Loads.file(10));
    work = this::work;
    var leases = LoadLeasesTest.unpooled(database, "ours");
    leases.setPortNumbers(new int[] {9}); // nobody listens there
    var supervisor = process(leases, 1, AT_ONCE);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(supervisor::runOnce).isInstanceOf(SQLException.class);
    }
    leases.setPortNumbers(new int[] {database.port()});
    assertThat(supervisor.runOnce()).isEqualTo(1);
  }

  @Test
  void each_kind_of_load_has_its_job() throws SQLException {
    var file = loads.create(Loads.file(10));
    var generation = loads.createGeneration(2_000, "{#:8}");
    work = step -> {};
    process("ours", 2, new Retries(Duration.ofHours(1), Duration.ofHours(1), 3)).runOnce();
    await()
        .atMost(PATIENCE)
        .until(() -> completed("import", file) == 1 && completed("generate", generation) == 1);
  }

  private long completed(String job, CodeLoad load) {
    return database.number(
        """
        SELECT count(*)
        FROM batch.batch_job_instance
        JOIN batch.batch_job_execution USING (job_instance_id)
        JOIN batch.batch_job_execution_params USING (job_execution_id)
        WHERE job_name = ? AND status = 'COMPLETED' AND parameter_name = 'load' AND parameter_value = ?
        """,
        job,
        Integer.toString(load.id()));
  }

  @Test
  void load_of_a_process_that_died_is_taken_over_and_goes_on_with_the_same_job()
      throws SQLException {
    var load = loads.create(Loads.file(10));
    work = this::work;
    var died = process("died", 1, AT_ONCE);
    died.runOnce();
    await().atMost(PATIENCE).until(() -> runs(load) == 1);
    // The connection ends as with the process; its thread still believes that it works.
    LoadLeasesTest.kill(database, "died");
    var last = new CountDownLatch(1);
    work =
        step -> {
          finish(step);
          last.countDown();
        };
    var other = process("other", 1, AT_ONCE);
    goRound(other, () -> last.getCount() == 0);
    assertThat(runs(load)).isEqualTo(2);
    assertThat(database.number("SELECT count(*) FROM batch.batch_job_instance"))
        .as("jobs of the load")
        .isEqualTo(1);
  }

  @Test
  void process_whose_lease_is_lost_stops_its_work_on_the_load() throws SQLException {
    var load = loads.create(Loads.file(10));
    var stopped = new CountDownLatch(1);
    work =
        step -> {
          work(step);
          stopped.countDown();
        };
    var supervisor = process("ours", 1, AT_ONCE);
    supervisor.runOnce();
    await().atMost(PATIENCE).until(() -> runs(load) == 1);
    LoadLeasesTest.kill(database, "ours");
    supervisor.runOnce();
    await().atMost(PATIENCE).until(() -> stopped.getCount() == 0);
  }

  @Test
  void failed_load_waits_for_its_pause_before_the_next_try() throws Exception {
    var load = loads.create(Loads.file(10));
    work =
        step -> {
          throw new IllegalStateException("the bucket is away");
        };
    var patient = process("patient", 1, new Retries(Duration.ofHours(1), Duration.ofHours(1), 3));
    patient.runOnce();
    await().atMost(PATIENCE).until(() -> lastStatus() == BatchStatus.FAILED);
    supervisors.removeFirst().close(); // which waits until the failure is counted
    assertThat(patient.runOnce()).isZero();
    assertThat(runs(load)).isEqualTo(1);
    work = this::finish;
    goRound(process("eager", 1, AT_ONCE), () -> runs(load) == 2);
    awaitFinished(load);
  }

  private BatchStatus lastStatus() {
    return BatchStatus.valueOf(
        database.text(
            "SELECT status FROM batch.batch_job_execution ORDER BY job_execution_id DESC LIMIT 1"));
  }

  @Test
  void load_that_fails_too_often_in_a_row_is_given_up_with_a_reason() {
    var load = loads.create(Loads.file(10));
    var reasons = new CopyOnWriteArrayList<String>();
    work =
        step -> {
          var reason = loads.current(load).reason();
          reasons.add(reason == null ? "none" : reason);
          if (reason == null) {
            throw new IllegalStateException("the bucket is away");
          }
          finish(step);
        };
    goRound(process("ours", 1, AT_ONCE), () -> reasons.size() == 4);
    assertThat(reasons).startsWith("none", "none", "none");
    assertThat(reasons.getLast())
        .as("what its job is told, which then ends the load")
        .contains("set aside for the operators");
  }

  @Test
  void stopped_load_is_led_by_nobody_and_a_stop_is_no_failure() throws SQLException {
    var load = loads.create(Loads.file(10));
    var supervisor = process("ours", 1, new Retries(Duration.ofHours(1), Duration.ofHours(1), 1));
    work =
        step -> {
          while (!pulse(load).held()) {
            Thread.sleep(5);
          }
          throw new IllegalStateException("its parts ended");
        };
    supervisor.runOnce();
    await().atMost(PATIENCE).until(() -> runs(load) == 1);
    var stop = order(load, Action.STOP);
    supervisor.runOnce();
    assertThat(refusal(stop)).isEqualTo("none");
    await().atMost(PATIENCE).until(() -> lastStatus() == BatchStatus.FAILED);
    assertThat(supervisor.runOnce()).isZero();
    assertThat(loads.current(load).reason()).as("after the only try allowed").isNull();

    work = this::finish;
    order(load, Action.RESTART);
    goRound(supervisor, () -> runs(load) == 2);
    awaitFinished(load);
    var late = order(load, Action.ABANDON);
    supervisor.runOnce();
    assertThat(refusal(late)).isEqualTo("it is over");
  }

  @Test
  void order_makes_a_load_due_at_once_that_waits_after_a_failure() {
    var load = loads.create(Loads.file(10));
    work =
        step -> {
          throw new IllegalStateException("the bucket is away");
        };
    var supervisor = process("ours", 1, new Retries(Duration.ofHours(1), Duration.ofHours(1), 3));
    goRound(supervisor, () -> runs(load) == 1);
    await().atMost(PATIENCE).until(() -> lastStatus() == BatchStatus.FAILED);
    work = this::finish;
    goRound(
        supervisor,
        () -> {
          order(load, Action.RECOVER);
          return loads.current(load).state().isFinal();
        });
    assertThat(loads.current(load).attempt()).isGreaterThan(1);
  }

  private CodeLoads.Pulse pulse(CodeLoad load) {
    return loads.transactions().inTransaction(c -> CodeLoads.pulse(c, load.id()));
  }

  private long order(CodeLoad load, Action action) {
    try (var connection = database.as("coupon_ops").getConnection()) {
      return LoadOrders.add(connection, load.id(), action, "ann", "to see that it works");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String refusal(long order) {
    return database.text(
        "SELECT coalesce(refusal, 'none') FROM load_order WHERE id = ? AND done_at IS NOT NULL",
        order);
  }
}
