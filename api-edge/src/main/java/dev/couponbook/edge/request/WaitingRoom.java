package dev.couponbook.edge.request;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadRequests;
import dev.couponbook.store.read.ReadRequests.Finished;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where requests wait for their outcome. One query per tick asks for all of them, so that the
 * database does not feel how many wait; while nobody waits, it is not asked.
 */
@Singleton
public final class WaitingRoom {
  // The worker takes some milliseconds for a command: half a tick more is not felt, and 50
  // queries per second are nothing to the database.
  private static final Duration TICK = Duration.ofMillis(20);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(WaitingRoom.class);

  private final Transactions transactions;
  private final Map<RequestId, Waiting> waiting = new ConcurrentHashMap<>();
  private final Thread clerk;
  private volatile boolean closed;

  /** The callers that wait for one request; the same key sent twice makes two. */
  private record Waiting(PartnerId partner, CompletableFuture<Finished> outcome, int waiters) {
    Waiting oneMore() {
      return new Waiting(partner, outcome, waiters + 1);
    }

    @Nullable Waiting oneLess() {
      return waiters == 1 ? null : new Waiting(partner, outcome, waiters - 1);
    }
  }

  WaitingRoom(Transactions transactions) {
    this.transactions = transactions;
    this.clerk = Thread.ofPlatform().daemon().name("waiting-room").start(this::serve);
  }

  /** The outcome, if it comes within the time. */
  public Optional<Finished> await(PartnerId partner, RequestId id, Duration longest) {
    var mine =
        waiting.compute(
            id,
            (_, there) ->
                there == null
                    ? new Waiting(partner, new CompletableFuture<>(), 1)
                    : there.oneMore());
    LockSupport.unpark(clerk);
    try {
      return Optional.of(mine.outcome.get(longest.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException impossible) {
      throw new AssertionError("an outcome is never a failure", impossible);
    } finally {
      waiting.computeIfPresent(id, (_, there) -> there.oneLess());
    }
  }

  private void serve() {
    while (!closed) {
      if (waiting.isEmpty()) {
        LockSupport.park();
        continue;
      }
      LockSupport.parkNanos(askQuietly().toNanos());
    }
  }

  /** Asks once for all waiting requests, and says how long to pause. */
  private Duration askQuietly() {
    try {
      runOnce();
      return TICK;
    } catch (DatabaseException e) {
      LOG.warn(
          "{} requests are waiting and the database does not answer: {}",
          waiting.size(),
          e.getMessage());
      return PAUSE_AFTER_FAILURE;
    } catch (RuntimeException e) {
      LOG.error("looking for outcomes failed", e);
      return PAUSE_AFTER_FAILURE;
    }
  }

  /** Hands out the outcomes that are there; returns how many. */
  int runOnce() {
    var asked = Map.copyOf(waiting);
    if (asked.isEmpty()) {
      return 0;
    }
    var partners = new HashSet<PartnerId>();
    asked.values().forEach(w -> partners.add(w.partner));
    int handed = 0;
    for (var finished :
        transactions.inTransaction(c -> ReadRequests.finished(c, partners, asked.keySet()))) {
      var there = asked.get(finished.id());
      // An id carries its partner's tag already; this is the second line of defence.
      if (there != null && there.partner.equals(finished.partner())) {
        there.outcome.complete(finished);
        handed++;
      }
    }
    return handed;
  }

  @PreDestroy
  void close() {
    closed = true;
    LockSupport.unpark(clerk);
  }
}
