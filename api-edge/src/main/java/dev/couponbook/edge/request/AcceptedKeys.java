package dev.couponbook.edge.request;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.id.IdempotencyKey;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.store.read.ReadRequests.Known;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What this edge has accepted under each idempotency key in the last hour, to cover the time until
 * the outcome is written: equal requests are sent once, and a key that comes with something else is
 * refused. The outcome's row does the same for as long as it is kept.
 */
@Singleton
public final class AcceptedKeys {
  // A command is answered in seconds; a queue an hour behind is an incident.
  private static final Duration KEPT = Duration.ofHours(1);
  private static final int KEYS = 100_000; // about 30 MB when full

  private final Cache<RequestId, Accepted> accepted =
      Caffeine.newBuilder().maximumSize(KEYS).expireAfterWrite(KEPT).build();

  private record Accepted(Fingerprint asked, CompletableFuture<Void> sent) {}

  /**
   * Does the act unless it was done under this id before, or waits for the call that is doing it.
   * If the act fails, the key is not used up.
   *
   * @throws ProblemException 422, if the id stands for something else
   */
  public void once(RequestId id, Fingerprint asked, Runnable act) {
    var mine = new Accepted(asked, new CompletableFuture<>());
    var first = accepted.asMap().putIfAbsent(id, mine);
    if (first != null) {
      requireSame(first.asked, asked);
      waitFor(first.sent);
      return;
    }
    try {
      act.run();
      mine.sent.complete(null);
    } catch (RuntimeException e) {
      accepted.asMap().remove(id, mine);
      mine.sent.completeExceptionally(e);
      throw e;
    }
  }

  /**
   * @throws ProblemException 422, if the two are not the same
   */
  public static void requireSame(Fingerprint earlier, Fingerprint asked) {
    if (!earlier.equals(asked)) {
      throw reused();
    }
  }

  /** The refusal of a key that stands for something else. */
  public static ProblemException reused() {
    return new ProblemException(
        Problem.of(
                ProblemCode.IDEMPOTENCY_KEY_REUSED,
                "This Idempotency-Key was used for another request")
            .at(IdempotencyKey.HEADER),
        Map.of());
  }

  /**
   * Refuses a key whose first request had an answer that is no longer kept: whoever sends it again
   * so late may not know that it was done.
   *
   * @throws ProblemException 409
   */
  public static void requireUnused(Known earlier) {
    if (earlier.forgotten()) {
      throw ProblemException.refused(Refusal.KEY_EXPIRED);
    }
  }

  private static void waitFor(CompletableFuture<Void> sent) {
    try {
      sent.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }
}
