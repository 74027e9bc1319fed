package dev.couponbook.edge.request;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.database.OutcomeNews;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadRequests;
import dev.couponbook.store.read.ReadRequests.Finished;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
 * Where requests wait for their outcome. The edge hears which of them have one ({@link
 * OutcomeNews}), and looks those up together. From time to time it asks about all of them in one
 * query, for whatever it has not heard; so often that nobody feels it, if it hears nothing. While
 * nobody waits, the database is not asked.
 */
@Singleton
public final class WaitingRoom {
  // For outcomes of which nobody tells, such as those of jobs, and for news that was lost.
  private static final Duration TICK = Duration.ofMillis(100);
  // The worker takes some milliseconds for a command: half a tick more is not felt, and 50
  // queries per second are nothing to the database.
  private static final Duration TICK_OF_THE_DEAF = Duration.ofMillis(20);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(WaitingRoom.class);

  private final Transactions transactions;
  private final OutcomeNews news;
  private final Duration tick;
  private final Map<RequestId, Waiting> waiting = new ConcurrentHashMap<>();
  private final Thread clerk;
  private volatile boolean idle;
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

  @Inject
  WaitingRoom(Transactions transactions, OutcomeNews news) {
    this(transactions, news, TICK);
  }

  /**
   * @param tick how often it asks for all, as long as it hears of outcomes
   */
  WaitingRoom(Transactions transactions, OutcomeNews news, Duration tick) {
    this.transactions = transactions;
    this.news = news;
    this.tick = tick;
    this.clerk = Thread.ofPlatform().daemon().name("waiting-room").start(this::serve);
    news.begin(this::heard);
  }

  /**
   * A place in the room. It is taken before the command is sent, so that its outcome cannot come
   * too soon to be heard of.
   */
  public final class Place implements AutoCloseable {
    private final RequestId id;
    private final CompletableFuture<Finished> outcome;

    private Place(RequestId id, CompletableFuture<Finished> outcome) {
      this.id = id;
      this.outcome = outcome;
    }

    /** The outcome, if it comes within the time. */
    public Optional<Finished> await(Duration longest) {
      try {
        return Optional.of(outcome.get(longest.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        return Optional.empty();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      } catch (ExecutionException impossible) {
        throw new AssertionError("an outcome is never a failure", impossible);
      }
    }

    @Override
    public void close() {
      waiting.computeIfPresent(id, (_, there) -> there.oneLess());
    }
  }

  /** Takes a place for a request, until it is closed. */
  public Place enter(PartnerId partner, RequestId id) {
    var mine =
        waiting.compute(
            id,
            (_, there) ->
                there == null
                    ? new Waiting(partner, new CompletableFuture<>(), 1)
                    : there.oneMore());
    if (idle) {
      LockSupport.unpark(clerk);
    }
    return new Place(id, mine.outcome);
  }

  /** Where workers tell this edge of outcomes; empty while it hears nothing. */
  Optional<String> address() {
    return news.address();
  }

  private void serve() {
    while (!closed) {
      idle = true;
      while (waiting.isEmpty() && !closed) {
        LockSupport.park();
      }
      idle = false;
      pause(news.address().isPresent() ? tick : TICK_OF_THE_DEAF);
      askQuietly(this::runOnce);
    }
  }

  // Whoever enters may wake the clerk just as he begins to wait.
  private void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void heard(List<RequestId> ids) {
    var asked = new HashMap<RequestId, Waiting>();
    for (var id : ids) {
      var there = waiting.get(id);
      if (there != null) {
        asked.put(id, there);
      }
    }
    askQuietly(() -> handOut(asked));
  }

  private void askQuietly(Runnable question) {
    try {
      question.run();
    } catch (DatabaseException e) {
      LOG.warn(
          "{} requests are waiting and the database does not answer: {}",
          waiting.size(),
          e.getMessage());
      pause(PAUSE_AFTER_FAILURE);
    } catch (RuntimeException e) {
      LOG.error("looking for outcomes failed", e);
      pause(PAUSE_AFTER_FAILURE);
    }
  }

  /** Hands out the outcomes that are there. */
  void runOnce() {
    handOut(Map.copyOf(waiting));
  }

  private void handOut(Map<RequestId, Waiting> asked) {
    if (asked.isEmpty()) {
      return;
    }
    var partners = new HashSet<PartnerId>();
    asked.values().forEach(w -> partners.add(w.partner));
    for (var finished :
        transactions.inTransaction(c -> ReadRequests.finished(c, partners, asked.keySet()))) {
      var there = asked.get(finished.id());
      // An id carries its partner's tag already; this is the second line of defence.
      if (there != null && there.partner.equals(finished.partner())) {
        there.outcome.complete(finished);
      }
    }
  }

  @PreDestroy
  void close() {
    closed = true;
    LockSupport.unpark(clerk);
  }
}
