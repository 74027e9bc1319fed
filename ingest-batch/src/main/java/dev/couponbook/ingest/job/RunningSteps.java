package dev.couponbook.ingest.job;

import dev.couponbook.ingest.part.LoadHeldException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;

/**
 * The steps that run in this process, so that they can be told to end. {@code JobOperator.stop}
 * does not do: in the process that runs the job, it removes the context of a step that still runs,
 * and marks it as stopped while its chunk is still being written.
 */
final class RunningSteps implements StepExecutionListener {
  private static final Logger LOG = LoggerFactory.getLogger(RunningSteps.class);

  private final Set<StepExecution> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /** Work on a step. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  void during(StepExecution step, Work work) throws Exception {
    beforeStep(step);
    try {
      work.run();
    } finally {
      afterStep(step);
    }
  }

  @Override
  public void beforeStep(StepExecution step) {
    running.add(step);
    if (stopping) {
      step.setTerminateOnly();
    }
  }

  @Override
  public @Nullable ExitStatus afterStep(StepExecution step) {
    running.remove(step);
    step.getFailureExceptions().forEach(failure -> log(step, failure));
    return null;
  }

  // Spring Batch's own log, which is switched off, has a stack trace of each stop too.
  private static void log(StepExecution step, Throwable failure) {
    int load = LoadJobs.loadId(step);
    if (step.getStatus() == BatchStatus.STOPPED) {
      LOG.info("load {}: {} ends because this process stops", load, step.getStepName());
    } else if (hasCause(failure, LoadHeldException.class)) {
      LOG.info("load {}: {} ends because an operator stopped the load", load, step.getStepName());
    } else if (hasCause(failure, JobExecutionException.class)) {
      // Its parts have logged why.
      LOG.info("load {}: {} ends because a part did not complete", load, step.getStepName());
    } else {
      LOG.error("load {}: {} failed", load, step.getStepName(), failure);
    }
  }

  private static boolean hasCause(Throwable failure, Class<? extends Exception> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /** From now on every step ends at its next chunk. */
  void stopAll() {
    stopping = true;
    running.forEach(StepExecution::setTerminateOnly);
  }

  /** The steps of this load end at their next chunk; those of others go on. */
  void stopLoad(int loadId) {
    running.stream()
        .filter(step -> LoadJobs.loadId(step) == loadId)
        .forEach(StepExecution::setTerminateOnly);
  }

  boolean isStopping() {
    return stopping;
  }
}
