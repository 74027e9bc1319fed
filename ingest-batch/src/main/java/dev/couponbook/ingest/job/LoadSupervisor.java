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
 * Sees to it that every unfinished load has a process that leads it. A new load, one whose process
 * died, one that failed for a while and one that was stopped are all the same here: a row that is
 * not final, and a lease that is free.
 */
final class LoadSupervisor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LoadSupervisor.class);

  // So many loads can have failed a moment ago without hiding the ones behind them.
  private static final int LOOKED_AT = 200;
  private static final Duration ROUND = Duration.ofSeconds(2);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  /** After so many failures in a row the load is given up: about a quarter of an hour. */
  static final int MAX_FAILURES = 10;

  private final Transactions transactions;
  private final JobRepository jobs;
  private final JobOperator operator;
  private final Job importJob;
  private final Job generateJob;
  private final LoadLeases leases;
  private final RunningSteps running;
  private final Semaphore places;

  private final ExecutorService leaders =
      Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("load-", 0).factory());
  private final Map<Integer, Failures> failures = new HashMap<>();
  private final Semaphore awake = new Semaphore(0);
  private final Thread rounds;

  private record Failures(int count, long retryAtNanos) {}

  LoadSupervisor(
      Transactions transactions,
      JobRepository jobs,
      JobOperator operator,
      Job importJob,
      Job generateJob,
      LoadLeases leases,
      RunningSteps running,
      int places) {
    this.transactions = transactions;
    this.jobs = jobs;
    this.operator = operator;
    this.importJob = importJob;
    this.generateJob = generateJob;
    this.leases = leases;
    this.running = running;
    this.places = new Semaphore(places);
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
        if (awake.tryAcquire(ROUND.toMillis(), TimeUnit.MILLISECONDS)) {
          awake.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        log.warn("looking for loads without a leader failed, trying again: {}", e.toString());
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(ROUND);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Takes the lead of loads that nobody leads, as many as there are places.
   *
   * @return how many it took
   */
  int runOnce() throws SQLException {
    for (int lost : leases.lost()) {
      log.warn("lost the lease of load {}: its connection broke", lost);
      running.stopLoad(lost);
    }
    while (carryOutOrder()) {
      // until none is left
    }
    int taken = 0;
    for (var load : transactions.inTransaction(c -> CodeLoads.unfinished(c, LOOKED_AT))) {
      if (isDue(load) && places.tryAcquire()) {
        if (leases.tryTake(load.id())) {
          taken++;
          leaders.execute(() -> lead(load));
        } else {
          places.release();
        }
      }
    }
    return taken;
  }

  private boolean carryOutOrder() {
    return transactions.inTransaction(connection -> {
      var order = LoadOrders.next(connection);
      if (order.isPresent()) {
        LoadOrders.carryOut(connection, order.get());
        forget(order.get().loadId());
        log.info(
            "order {}: {} load {}",
            order.get().id(),
            order.get().action().sql(),
            order.get().loadId());
      }
      return order.isPresent();
    });
  }

  // What failed before an operator had a look says nothing of what comes.
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
      log.error("load {} failed", load.id(), e);
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
    // It may have been finished between the look and the lease.
    if (transactions.inTransaction(c -> CodeLoads.byId(c, load.id())).state().isFinal()) {
      return true;
    }
    var job = job(load);
    var parameters = LoadJobs.parameters(load);
    var last = jobs.getLastJobExecution(job.getName(), parameters);
    if (last == null) {
      log.info("load {} begins", load.id());
      return operator.start(job, parameters).getStatus() == BatchStatus.COMPLETED;
    }
    log.info("load {} goes on (execution {} was {})", load.id(), last.getId(), last.getStatus());
    recover(last);
    return operator.restart(last).getStatus() == BatchStatus.COMPLETED;
  }

  // The lease is ours, so whoever ran the execution is gone, and what it left as running is not.
  // Unknown is what Spring Batch calls a step whose end it could not record; it would not restart
  // that, because it cannot know what was done. We do: the part's position tells.
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
    if (count >= MAX_FAILURES) {
      giveUp(load);
    }
    var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(count - 1, 10));
    var bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    failures.put(load.id(), new Failures(count, System.nanoTime() + bounded.toNanos()));
  }

  private void giveUp(CodeLoad load) {
    log.error("load {} is given up after {} failures in a row", load.id(), MAX_FAILURES);
    transactions.inTransaction(c -> {
      CodeLoads.doom(
          c, load.id(), "The load could not be finished and was set aside for the operators");
      return true;
    });
  }

  /**
   * Ends when the loads of this process have been let go; the steps must have been told to stop.
   */
  @Override
  public void close() throws InterruptedException {
    rounds.interrupt();
    leaders.shutdown();
    if (!leaders.awaitTermination(15, TimeUnit.SECONDS)) {
      log.warn("some loads of this process did not stop in time; others will take them over");
    }
  }
}
