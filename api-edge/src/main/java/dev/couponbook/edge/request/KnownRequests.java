package dev.couponbook.edge.request;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadRequests;
import dev.couponbook.store.read.ReadRequests.Known;
import jakarta.inject.Singleton;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks requests up together. Questions that come while look-ups are under way travel in the next
 * one: a lone poll is looked up at once, and under load dozens of polls share one transaction.
 */
@Singleton
public final class KnownRequests {
  // Under way at once: one fills while the other is away.
  private static final int LOOK_UPS = 2;
  private static final int MOST_REQUESTS = 200; // per look-up
  // As long as the pool and the driver wait: if the database is silent, nobody waits longer here.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Transactions transactions;
  private final Semaphore lookUps = new Semaphore(LOOK_UPS);
  private final Queue<Asking> waiting = new ConcurrentLinkedQueue<>();

  private record Asking(ReadRequests.Question question, CompletableFuture<Known> answer) {}

  KnownRequests(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * What is known of the request; of one that is still in its queue, nothing.
   *
   * @throws DatabaseException if PostgreSQL is away, or says nothing for two seconds
   */
  public Known find(PartnerId partner, RequestId id) {
    var asking = new Asking(new ReadRequests.Question(partner, id), new CompletableFuture<>());
    waiting.add(asking);
    lookUp();
    return await(asking);
  }

  // If every look-up slot is taken, the question waits for the next look-up to finish.
  private void lookUp() {
    if (!lookUps.tryAcquire()) {
      return;
    }
    try {
      answer(next());
    } finally {
      lookUps.release();
      if (!waiting.isEmpty()) {
        Thread.startVirtualThread(this::lookUp);
      }
    }
  }

  private List<Asking> next() {
    var batch = new ArrayList<Asking>();
    while (batch.size() < MOST_REQUESTS) {
      var asking = waiting.poll();
      if (asking == null) {
        break;
      }
      if (!asking.answer.isDone()) { // cancelled: nobody waits any more
        batch.add(asking);
      }
    }
    return batch;
  }

  private void answer(List<Asking> batch) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      var questions = batch.stream().map(Asking::question).toList();
      var known = transactions.inTransaction(c -> ReadRequests.find(c, questions));
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer.complete(known.get(i));
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(asking -> asking.answer.completeExceptionally(e));
    }
  }

  private static Known await(Asking asking) {
    try {
      return asking.answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw unavailable("said nothing for " + PATIENCE.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("was not waited for");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } finally {
      asking.answer.cancel(false);
    }
  }

  private static DatabaseException unavailable(String why) {
    return DatabaseException.of(new SQLTransientConnectionException("the database " + why), false);
  }
}
