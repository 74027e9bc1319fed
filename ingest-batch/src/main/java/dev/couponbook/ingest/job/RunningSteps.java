package dev.couponbook.ingest.job;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;

/**
 * The steps that run in this process, to be told when to end. Not by {@code JobOperator.stop}: in
 * the process that runs the job it takes away the step's context under its feet, and marks it
 * stopped while its chunk still works.
 */
final class RunningSteps implements StepExecutionListener {
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
      running.remove(step);
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
    return null;
  }

  /** From now on every step ends at its next chunk. */
  void stopAll() {
    stopping = true;
    running.forEach(StepExecution::setTerminateOnly);
  }

  /** The steps of this load end at their next chunk; others go on. */
  void stopLoad(int loadId) {
    running.stream()
        .filter(step -> LoadJobs.loadId(step) == loadId)
        .forEach(StepExecution::setTerminateOnly);
  }

  boolean isStopping() {
    return stopping;
  }
}
