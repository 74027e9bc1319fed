package dev.couponbook.ingest.job;

import dev.couponbook.ingest.load.Heartbeat;
import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.ingest.part.PartSteps;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoads;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.SqsHeaders.MessageSystemAttributes;
import io.awspring.cloud.sqs.listener.Visibility;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.messaging.handler.annotation.Header;

/** Takes parts of loads off the queue and works on them, whichever process leads their load. */
final class PartListener {
  private static final Logger LOG = LoggerFactory.getLogger(PartListener.class);

  private final JobRepository jobs;
  private final Transactions transactions;
  private final PartSteps steps;
  private final RunningSteps running;
  private final Heartbeat heartbeat;
  private final LoadMeters meters;

  PartListener(
      JobRepository jobs,
      Transactions transactions,
      PartSteps steps,
      RunningSteps running,
      Heartbeat heartbeat,
      LoadMeters meters) {
    this.jobs = jobs;
    this.transactions = transactions;
    this.steps = steps;
    this.running = running;
    this.heartbeat = heartbeat;
    this.meters = meters;
  }

  /**
   * Works on the part that the message names.
   *
   * @throws dev.couponbook.command.UndecodableMessageException if it is not a part message
   */
  @SqsListener(queueNames = "#{@ingestSettings.partitions()}", factory = "partListeners")
  void take(
      String body,
      @Header(MessageSystemAttributes.SQS_SENT_TIMESTAMP) long sent,
      Visibility visibility,
      Acknowledgement acknowledgement)
      throws Exception {
    meters.taken(Instant.ofEpochMilli(sent));
    var message = PartMessage.decode(body);
    if (running.isStopping()) {
      visibility.changeTo(0);
      return;
    }
    try (var beating = heartbeat.keepInvisible(visibility)) {
      var status = work(message);
      beating.close();
      switch (status) {
        // A failed part too: the process that leads the load sees it, and sends the part again
        // when it restarts the job.
        case COMPLETED, FAILED, ABANDONED -> acknowledgement.acknowledge();
        // Another process goes on with it at once.
        case STOPPED, STOPPING -> visibility.changeTo(0);
        // Another process has it, or its end was not recorded: the message comes back by itself.
        case STARTING, STARTED, UNKNOWN -> {}
      }
    }
  }

  private BatchStatus work(PartMessage message) throws Exception {
    var execution = jobs.getStepExecution(message.stepExecution());
    if (execution == null
        || !execution.getJobExecution().getStatus().isRunning()
        || isOver(execution.getStatus())) {
      // The message came late or twice: its execution is over.
      return BatchStatus.ABANDONED;
    }
    var load =
        transactions.inTransaction(c -> {
          // Then its step finds that the load wants no more, and ends.
          CodeLoads.doomIfBookClosed(c, message.load());
          return CodeLoads.byId(c, message.load());
        });
    // A process that died or stopped has left its own status.
    execution.setStatus(BatchStatus.STARTING);
    execution.setExitStatus(ExitStatus.EXECUTING);
    var step = steps.of(execution.getStepName(), load, message.part());
    try {
      running.during(execution, () -> step.execute(execution));
    } catch (OptimisticLockingFailureException e) {
      LOG.info("another process works on part {} of load {}", message.part(), load.id());
      return BatchStatus.UNKNOWN;
    }
    return execution.getStatus();
  }

  private static boolean isOver(BatchStatus status) {
    return switch (status) {
      case COMPLETED, FAILED, ABANDONED, UNKNOWN -> true;
      case STARTING, STARTED, STOPPING, STOPPED -> false;
    };
  }
}
