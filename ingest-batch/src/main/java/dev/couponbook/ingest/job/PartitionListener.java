package dev.couponbook.ingest.job;

import dev.couponbook.ingest.generate.CounterBlocks;
import dev.couponbook.ingest.load.BlockReader;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.Heartbeat;
import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.ingest.load.PartSteps;
import dev.couponbook.ingest.upload.FileBlocks;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CodeLoads.Pulse;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Part;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.SqsHeaders.MessageSystemAttributes;
import io.awspring.cloud.sqs.listener.Visibility;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import java.io.IOException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.messaging.handler.annotation.Header;

/** Takes parts of loads off the queue and works them off, wherever their load is led from. */
final class PartitionListener {
  private static final Logger log = LoggerFactory.getLogger(PartitionListener.class);

  private final JobRepository jobs;
  private final Transactions transactions;
  private final PartSteps steps;
  private final FileStore files;
  private final RunningSteps running;
  private final Heartbeat heartbeat;
  private final LoadMeters meters;

  PartitionListener(
      JobRepository jobs,
      Transactions transactions,
      PartSteps steps,
      FileStore files,
      RunningSteps running,
      Heartbeat heartbeat,
      LoadMeters meters) {
    this.jobs = jobs;
    this.transactions = transactions;
    this.steps = steps;
    this.files = files;
    this.running = running;
    this.heartbeat = heartbeat;
    this.meters = meters;
  }

  @SqsListener(queueNames = "#{@ingestSettings.partitions()}", factory = "partitionListeners")
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
        // A failed one too: its manager has seen it by now, and sends the part again with the
        // restart.
        case COMPLETED, FAILED, ABANDONED -> acknowledgement.acknowledge();
        case STOPPED, STOPPING -> visibility.changeTo(0); // another process goes on at once
        case STARTING,
            STARTED,
            UNKNOWN -> {} // in other hands, or not recorded: it comes back by itself
      }
    }
  }

  private BatchStatus work(PartMessage message) throws Exception {
    var execution = jobs.getStepExecution(message.stepExecution());
    if (execution == null
        || !execution.getJobExecution().getStatus().isRunning()
        || isOver(execution.getStatus())) {
      return BatchStatus.ABANDONED; // of an execution that is over; the message came late or twice
    }
    var load = transactions.inTransaction(c -> CodeLoads.byId(c, message.load()));
    var part = transactions.inTransaction(c -> LoadParts.one(c, load.id(), message.part()));
    // A process that died or stopped has left its traces.
    execution.setStatus(BatchStatus.STARTING);
    execution.setExitStatus(ExitStatus.EXECUTING);
    var step =
        steps.of(execution.getStepName(), load, part.part(), pulse -> open(load, part, pulse));
    try {
      running.during(execution, () -> step.execute(execution));
    } catch (OptimisticLockingFailureException e) {
      log.info("part {} of load {} is in other hands", part.part(), load.id());
      return BatchStatus.UNKNOWN;
    }
    return execution.getStatus();
  }

  private BlockReader open(CodeLoad load, Part part, Pulse pulse) throws IOException {
    return switch (load.kind()) {
      case IMPORT -> FileBlocks.open(files, load, part, pulse.now());
      case GENERATE -> CounterBlocks.open(load, part);
      case REQUEST ->
          throw new IllegalStateException("load %d is no job of ours".formatted(load.id()));
    };
  }

  private static boolean isOver(BatchStatus status) {
    return switch (status) {
      case COMPLETED, FAILED, ABANDONED, UNKNOWN -> true;
      case STARTING, STARTED, STOPPING, STOPPED -> false;
    };
  }
}
