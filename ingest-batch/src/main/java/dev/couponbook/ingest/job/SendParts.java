package dev.couponbook.ingest.job;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.StepRecords;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.partition.PartitionHandler;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.step.StepExecution;

/**
 * Sends the parts of a load to whichever processes take them, a few at a time, and waits until all
 * have ended, by looking at Spring Batch's own record of each. A part is what Spring Batch calls a
 * partition, and the step that leads a load is its manager.
 */
final class SendParts implements PartitionHandler {
  static final String LOAD = "load";
  static final String PART = "part";

  // The end of a part is seen half of this late on average; each look is one short statement.
  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * How long a part may give no sign before it is sent again. When a process dies, its message
   * comes back by itself; only a queue that lost the message needs this, so it may be long. A part
   * that is sent twice is worked on once.
   */
  static final Duration SEND_AGAIN_AFTER = Duration.ofMinutes(10);

  private final SqsTemplate sqs;
  private final String queue;
  private final Transactions transactions;
  private final int inFlight;
  private final Duration sendAgainAfter;

  /**
   * @param inFlight how many parts of one load are out at once
   * @param sendAgainAfter see {@link #SEND_AGAIN_AFTER}
   */
  SendParts(
      SqsTemplate sqs,
      String queue,
      Transactions transactions,
      int inFlight,
      Duration sendAgainAfter) {
    this.sqs = sqs;
    this.queue = queue;
    this.transactions = transactions;
    this.inFlight = inFlight;
    this.sendAgainAfter = sendAgainAfter;
  }

  @Override
  public Collection<StepExecution> handle(StepExecutionSplitter splitter, StepExecution manager)
      throws Exception {
    var parts = new ArrayList<>(splitter.split(manager, 1));
    parts.sort(Comparator.comparingInt(SendParts::part));
    var waiting = new ArrayDeque<>(parts);
    var out = new LinkedHashMap<Long, Sent>();
    while (!waiting.isEmpty() || !out.isEmpty()) {
      while (out.size() < inFlight && !waiting.isEmpty()) {
        var next = waiting.remove();
        send(next);
        out.put(next.getId(), new Sent(next));
      }
      Thread.sleep(POLL);
      if (manager.isTerminateOnly()) {
        throw new JobInterruptedException("this process stops; another will go on with the load");
      }
      collect(manager.getJobExecutionId(), out);
      if (parts.stream().anyMatch(part -> part.getStatus() == BatchStatus.FAILED)) {
        // The job will be restarted, and sends the rest then.
        waiting.clear();
      }
    }
    return parts;
  }

  private void send(StepExecution part) {
    var load = part.getExecutionContext().getInt(LOAD);
    sqs.send(queue, new PartMessage(load, part(part), part.getId()).encode());
  }

  private static int part(StepExecution step) {
    return step.getExecutionContext().getInt(PART);
  }

  private void collect(long jobExecution, Map<Long, Sent> out) {
    var records = transactions.inTransaction(c -> StepRecords.ofJob(c, jobExecution));
    for (var sent : new ArrayList<>(out.values())) {
      var record = records.get(sent.step.getId());
      if (record == null) {
        throw new IllegalStateException("step execution %d is gone".formatted(sent.step.getId()));
      }
      var status = BatchStatus.valueOf(record.status());
      switch (status) {
        case COMPLETED, FAILED, ABANDONED, UNKNOWN -> {
          sent.step.setStatus(status);
          sent.step.setExitStatus(
              status == BatchStatus.COMPLETED ? ExitStatus.COMPLETED : ExitStatus.FAILED);
          out.remove(sent.step.getId());
        }
        // Stopped: its process stopped and gave the message back.
        case STARTING, STARTED, STOPPING, STOPPED -> {
          if (sent.isSilentFor(sendAgainAfter, record.version())) {
            send(sent.step);
          }
        }
      }
    }
  }

  /** A part that is out, and when it last gave a sign. */
  private static final class Sent {
    final StepExecution step;
    private long version = -1;
    private long lastSign = System.nanoTime();

    Sent(StepExecution step) {
      this.step = step;
    }

    boolean isSilentFor(Duration tooLong, long currentVersion) {
      long now = System.nanoTime();
      if (currentVersion != version) {
        version = currentVersion;
        lastSign = now;
      }
      boolean silent = now - lastSign > tooLong.toNanos();
      if (silent) {
        lastSign = now;
      }
      return silent;
    }
  }
}
