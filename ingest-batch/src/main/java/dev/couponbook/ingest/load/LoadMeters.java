package dev.couponbook.ingest.load;

import dev.couponbook.store.load.LoadParts.Counts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What this process has done for loads: one reading per chunk, never one per row. */
public final class LoadMeters {
  private final Counter accepted;
  private final Counter duplicate;
  private final Counter rejected;
  private final Counter bytes;
  private final Counter bytesPlanned;
  private final Timer chunks;
  private final Timer queueAge;
  private final AtomicLong lastBeat = new AtomicLong(System.nanoTime());
  private final AtomicInteger held = new AtomicInteger();

  public LoadMeters(MeterRegistry registry) {
    accepted = rows(registry, "accepted");
    duplicate = rows(registry, "duplicate");
    rejected = rows(registry, "rejected");
    bytes =
        Counter.builder("coupon.load.bytes")
            .description("Bytes of files that committed chunks have read")
            .register(registry);
    bytesPlanned =
        Counter.builder("coupon.load.bytes.planned")
            .description("Bytes of the files whose loads this process began")
            .register(registry);
    chunks =
        Timer.builder("coupon.load.chunk")
            .description("From the first statement of a chunk to its commit")
            .register(registry);
    queueAge =
        Timer.builder("coupon.load.part.waited")
            .description("How long a part waited in its queue before it was taken")
            .register(registry);
    TimeGauge.builder(
            "coupon.load.heartbeat.age",
            lastBeat,
            TimeUnit.NANOSECONDS,
            last -> held.get() == 0 ? 0 : System.nanoTime() - last.get())
        .description(
            "Time since a message being worked on was last kept invisible; 0 if there is none")
        .register(registry);
  }

  private static Counter rows(MeterRegistry registry, String outcome) {
    return Counter.builder("coupon.load.rows")
        .description("Rows of committed chunks")
        .tag("outcome", outcome)
        .register(registry);
  }

  /**
   * Counts a chunk when the running transaction commits; if it rolls back, nothing is counted.
   *
   * @param began when its first statement was sent, by {@link System#nanoTime()}
   */
  public void chunk(long began, Counts counts, long chunkBytes) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            accepted.increment(counts.accepted());
            duplicate.increment(counts.duplicate());
            rejected.increment(counts.rejected());
            bytes.increment(chunkBytes);
            chunks.record(Duration.ofNanos(System.nanoTime() - began));
          }
        });
  }

  /** A file was cut into parts. */
  public void planned(long fileBytes) {
    bytesPlanned.increment(fileBytes);
  }

  /** A part was taken off its queue, to which it was sent at this time. */
  public void taken(Instant sent) {
    var waited = Duration.between(sent, Instant.now());
    queueAge.record(waited.isNegative() ? Duration.ZERO : waited);
  }

  /** A message was taken and must be kept invisible. */
  void beatBegins() {
    held.incrementAndGet();
    beat();
  }

  /** A message was kept invisible. */
  void beat() {
    lastBeat.set(System.nanoTime());
  }

  /** A message need not be kept invisible any longer. */
  void beatEnds() {
    held.decrementAndGet();
  }
}
