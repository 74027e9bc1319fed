package dev.couponbook.ingest.job;

import dev.couponbook.postgres.Transactions;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
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
 * have ended, by looking at Spring Batch's own record of each.
 */
final class SqsPartitions implements PartitionHandler {
  static final String LOAD = "load";
  static final String PART = "part";

  // Seen late by half of this on average; one statement by primary key range each time.
  private static final Duration POLL = Duration.ofMillis(100);
  // A message comes back by itself when its process dies. Only a queue that lost it needs this, so
  // it may be long; a part that is sent twice is worked on once.
  private static final Duration SEND_AGAIN_AFTER = Duration.ofMinutes(10);

  private final SqsTemplate sqs;
  private final String queue;
  private final Transactions transactions;
  private final int inFlight;

  SqsPartitions(SqsTemplate sqs, String queue, Transactions transactions, int inFlight) {
    this.sqs = sqs;
    this.queue = queue;
    this.transactions = transactions;
    this.inFlight = inFlight;
  }

  @Override
  public Collection<StepExecution> handle(StepExecutionSplitter splitter, StepExecution manager)
      throws Exception {
    var parts = new ArrayList<>(splitter.split(manager, 1));
    parts.sort(Comparator.comparingInt(SqsPartitions::part));
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
        throw new JobInterruptedException("this process stops; another goes on with the load");
      }
      collect(manager.getJobExecutionId(), out);
      if (parts.stream().anyMatch(part -> part.getStatus() == BatchStatus.FAILED)) {
        waiting.clear(); // the job is going to be restarted, and sends the rest then
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
    var records = records(jobExecution);
    for (var sent : new ArrayList<>(out.values())) {
      var record = records.get(sent.step.getId());
      if (record == null) {
        throw new IllegalStateException("step execution %d is gone".formatted(sent.step.getId()));
      }
      switch (record.status()) {
        case COMPLETED, FAILED, ABANDONED, UNKNOWN -> {
          sent.step.setStatus(record.status());
          sent.step.setExitStatus(
              record.status() == BatchStatus.COMPLETED ? ExitStatus.COMPLETED : ExitStatus.FAILED);
          out.remove(sent.step.getId());
        }
        // Stopped means that its process stopped and gave the message back.
        case STARTING, STARTED, STOPPING, STOPPED -> {
          if (sent.isSilentSince(record.version())) {
            send(sent.step);
          }
        }
      }
    }
  }

  private record StepRecord(BatchStatus status, long version) {}

  private static final String RECORDS =
      """
      SELECT step_execution_id, status, version
      FROM batch.batch_step_execution
      WHERE job_execution_id = ?
      """;

  private Map<Long, StepRecord> records(long jobExecution) {
    return transactions.inTransaction(connection -> {
      var records = new HashMap<Long, StepRecord>();
      try (var statement = connection.prepareStatement(RECORDS)) {
        statement.setLong(1, jobExecution);
        var row = statement.executeQuery();
        while (row.next()) {
          records.put(
              row.getLong(1),
              new StepRecord(BatchStatus.valueOf(row.getString(2)), row.getLong(3)));
        }
      }
      return records;
    });
  }

  /** A part that is out, and when it last gave a sign. */
  private static final class Sent {
    final StepExecution step;
    private long version = -1;
    private long lastSign = System.nanoTime();

    Sent(StepExecution step) {
      this.step = step;
    }

    boolean isSilentSince(long currentVersion) {
      long now = System.nanoTime();
      if (currentVersion != version) {
        version = currentVersion;
        lastSign = now;
      }
      boolean silent = now - lastSign > SEND_AGAIN_AFTER.toNanos();
      if (silent) {
        lastSign = now;
      }
      return silent;
    }
  }
}
