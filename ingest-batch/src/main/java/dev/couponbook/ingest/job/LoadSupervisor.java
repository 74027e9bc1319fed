package dev.couponbook.ingest.job;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.LoadOrders;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;

/**
 * Makes sure that some process leads every unfinished load. A new load, one whose process died, one
 * that failed and one that was restarted are all the same here: its state is not final, and its
 * lease is free.
 */
final class LoadSupervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoadSupervisor.class);

  // This many loads can wait for their next try without hiding the ones after them.
  private static final int LOOKED_AT = 200;

  /**
   * How a load that failed is tried again.
   *
   * @param firstPause after the first failure; each further one doubles it
   * @param most after this many failures in a row, the load is given up
   */
  record Retries(Duration firstPause, Duration longestPause, int most) {
    /** Gives up after about a quarter of an hour. */
    static final Retries USUAL = new Retries(Duration.ofSeconds(5), Duration.ofMinutes(2), 10);

    private Duration pauseAfter(int failures) {
      var pause = firstPause.multipliedBy(1L << Math.min(failures - 1, 10));
      return pause.compareTo(longestPause) > 0 ? longestPause : pause;
    }
  }

  private final Transactions transactions;
  private final JobRepository jobs;
  private final JobOperator operator;
  private final Job importJob;
  private final Job generateJob;
  private final LoadLeases leases;
  private final RunningSteps running;
  private final Semaphore places;
  private final Retries retries;
  private final Duration round;

  private final ExecutorService leaders =
      Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("load-", 0).factory());
  private final Map<Integer, Failures> failures = new HashMap<>();
  private final Semaphore awake = new Semaphore(0);
  private final Thread rounds;

  private record Failures(int count, long retryAtNanos) {}

  /**
   * @param places how many loads this process leads at once
   * @param round how long to wait before looking again; {@link #wake} ends the wait
   */
  LoadSupervisor(
      Transactions transactions,
      JobRepository jobs,
      JobOperator operator,
      Job importJob,
      Job generateJob,
      LoadLeases leases,
      RunningSteps running,
      int places,
      Retries retries,
      Duration round) {
    this.transactions = transactions;
    this.jobs = jobs;
    this.operator = operator;
    this.importJob = importJob;
    this.generateJob = generateJob;
    this.leases = leases;
    this.running = running;
    this.places = new Semaphore(places);
    this.retries = retries;
    this.round = round;
    this.rounds = Thread.ofPlatform().name("load-supervisor").unstarted(this::goRound);
  }

  void start() {
    rounds.start();
  }

  /** There is a new load: look now. */
  void wake() {
    awake.release();
  }

  private void goRound() {
    while (!running.isStopping()) {
      try {
        runOnce();
        if (awake.tryAcquire(round.toMillis(), TimeUnit.MILLISECONDS)) {
          awake.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        LOG.warn("could not look for loads to lead, trying again: {}", e.toString());
        pause();
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(round);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Carries out the operators' orders, then begins to lead loads that nobody leads, as many as
   * there are places. They are led in threads of their own.
   *
   * @return how many loads it began to lead
   */
  int runOnce() throws SQLException {
    for (int lost : leases.lost()) {
      LOG.warn(
          "this process no longer leads load {}: the connection that held its lease broke", lost);
      running.stopLoad(lost);
    }
    while (carryOutOrder()) {
      // Until none is left.
    }
    int taken = 0;
    for (var load : transactions.inTransaction(c -> CodeLoads.unfinished(c, LOOKED_AT))) {
      if (isDue(load) && places.tryAcquire() && takeLease(load)) {
        taken++;
        leaders.execute(() -> lead(load));
      }
    }
    return taken;
  }

  // Gives the place back without a lease, also if the database could not be asked for one.
  private boolean takeLease(CodeLoad load) throws SQLException {
    boolean taken = false;
    try {
      taken = leases.tryTake(load.id());
      return taken;
    } finally {
      if (!taken) {
        places.release();
      }
    }
  }

  private boolean carryOutOrder() {
    return transactions.inTransaction(connection -> {
      var order = LoadOrders.next(connection);
      if (order.isPresent()) {
        LoadOrders.carryOut(connection, order.get());
        forget(order.get().loadId());
        LOG.info(
            "order {}: {} load {}",
            order.get().id(),
            order.get().action().sql(),
            order.get().loadId());
      }
      return order.isPresent();
    });
  }

  // Failures before an operator had a look say nothing about what comes now.
  private synchronized void forget(int loadId) {
    failures.remove(loadId);
  }

  private synchronized boolean isDue(CodeLoad load) {
    var failed = failures.get(load.id());
    return failed == null || System.nanoTime() - failed.retryAtNanos() >= 0;
  }

  private void lead(CodeLoad load) {
    boolean finished = false;
    try {
      finished = run(load) || isHeld(load);
    } catch (Exception e) {
      LOG.error("load {} failed and will be tried again", load.id(), e);
    } finally {
      leases.release(load.id());
      places.release();
      if (!running.isStopping()) {
        count(load, finished);
        wake();
      }
    }
  }

  private boolean isHeld(CodeLoad load) {
    return transactions.inTransaction(c -> CodeLoads.pulse(c, load.id())).held();
  }

  private boolean run(CodeLoad load) throws Exception {
    // Another process may have finished it before this one had the lease.
    if (transactions.inTransaction(c -> CodeLoads.byId(c, load.id())).state().isFinal()) {
      return true;
    }
    var job = job(load);
    var parameters = LoadJobs.parameters(load);
    var last = jobs.getLastJobExecution(job.getName(), parameters);
    if (last == null) {
      LOG.info("load {} begins", load.id());
      return operator.start(job, parameters).getStatus() == BatchStatus.COMPLETED;
    }
    LOG.info(
        "load {} goes on (its execution {} was {})", load.id(), last.getId(), last.getStatus());
    recover(last);
    return operator.restart(last).getStatus() == BatchStatus.COMPLETED;
  }

  // We have the lease, so the process that ran the execution is gone, and steps that it left as
  // running do not run. Spring Batch calls a step unknown if it could not record its end, and
  // would not restart it, because it cannot know what was done. We know: from the part's
  // position.
  private void recover(JobExecution last) {
    for (var step : last.getStepExecutions()) {
      if (step.getStatus() == BatchStatus.UNKNOWN) {
        step.setStatus(BatchStatus.FAILED);
        jobs.update(step);
      }
    }
    if (last.getStatus() == BatchStatus.UNKNOWN) {
      last.setStatus(BatchStatus.FAILED);
    }
    operator.recover(last);
  }

  private Job job(CodeLoad load) {
    return switch (load.kind()) {
      case IMPORT -> importJob;
      case GENERATE -> generateJob;
      case REQUEST -> throw new IllegalStateException("load %d needs no job".formatted(load.id()));
    };
  }

  private synchronized void count(CodeLoad load, boolean finished) {
    if (finished) {
      failures.remove(load.id());
      return;
    }
    var before = failures.get(load.id());
    int count = before == null ? 1 : before.count() + 1;
    if (count >= retries.most()) {
      giveUp(load);
    }
    var retryAt = System.nanoTime() + retries.pauseAfter(count).toNanos();
    failures.put(load.id(), new Failures(count, retryAt));
  }

  private void giveUp(CodeLoad load) {
    LOG.error("giving up load {} after {} failures in a row", load.id(), retries.most());
    transactions.run(c -> {
      CodeLoads.doom(
          c, load.id(), "The load could not be finished and was set aside for the operators");
    });
  }

  /** Ends when this process has let go of all its loads. Its steps must have been told to stop. */
  @Override
  public void close() throws InterruptedException {
    rounds.interrupt();
    leaders.shutdown();
    if (!leaders.awaitTermination(15, TimeUnit.SECONDS)) {
      LOG.warn(
          "some loads of this process did not stop in time; other processes will go on with them");
    }
  }
}
