package dev.couponbook.edge.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.Command;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.store.read.ReadRequests.Finished;
import io.github.bucket4j.Bucket;
import io.micronaut.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps codes from being guessed through us. A command that names a code takes one from its user's
 * budget, and gives it back when its outcome is shown and the code existed. A code that did not
 * exist also takes one from the partner's budget. So an attempt whose outcome nobody looks at
 * counts as a miss, and honest users pay nothing. A command that names a code and no user has the
 * partner's budget alone.
 */
@Singleton
public final class GuessLimits {
  private static final Duration PERIOD = Duration.ofHours(1);
  private static final int USERS = 100_000; // some 20 MB when full
  private static final int NOT_FOUND = 404;

  private final LimitSettings settings;
  private final Cache<User, Bucket> users = cache();
  private final Cache<PartnerId, Bucket> partners = cache();
  private final Cache<RequestId, Guess> open = cache();

  private record User(PartnerId partner, Email email) {}

  private record Guess(Bucket partner, @Nullable Bucket user) {
    /** How long until one may be taken from each. */
    long nanosToWait() {
      return Math.max(nanosToWait(partner), user == null ? 0 : nanosToWait(user));
    }

    private static long nanosToWait(Bucket bucket) {
      return bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
    }

    boolean begin() {
      return user == null || user.tryConsume(1);
    }
  }

  GuessLimits(LimitSettings settings) {
    this.settings = settings;
  }

  /**
   * Call this before a command is sent; a second call for the same request costs nothing.
   *
   * @throws ProblemException 429, if the user or the partner has named too many missing codes
   */
  public void begin(PartnerId partner, RequestId id, Command command) {
    guess(partner, command)
        .filter(guess -> open.asMap().putIfAbsent(id, guess) == null)
        .ifPresent(guess -> {
          long wait = guess.nanosToWait();
          if (wait > 0 || !guess.begin()) {
            open.invalidate(id);
            throw refusal(wait);
          }
        });
  }

  /** An outcome is about to be shown. */
  public void settle(Finished finished) {
    var guess = open.asMap().remove(finished.id());
    if (guess == null) {
      return;
    }
    if (finished.status() == NOT_FOUND) {
      guess.partner.tryConsume(1);
    } else if (guess.user != null) {
      guess.user.addTokens(1);
    }
  }

  private Optional<Guess> guess(PartnerId partner, Command command) {
    return switch (command) {
      case AssignCode assign -> Optional.of(guess(partner, assign.email()));
      case LockCode lock -> Optional.of(guess(partner, lock.email()));
      case UnlockCode unlock -> Optional.of(guess(partner, unlock.email()));
      case RedeemCode redeem -> Optional.of(guess(partner, redeem.email()));
      case UnassignCode unassign -> Optional.of(guess(partner, unassign.email()));
      case ReplaceCode replace -> Optional.of(guess(partner, replace.email()));
      case VoidCode _ -> Optional.of(new Guess(bucketOf(partner), null));
      case CreateBook _,
          ChangeBook _,
          SetBookState _,
          AddCodes _,
          AssignAny _,
          ReverseRedemption _,
          CancelLoad _,
          UndoLoad _ ->
          Optional.empty();
    };
  }

  private Guess guess(PartnerId partner, Email user) {
    return new Guess(bucketOf(partner), bucketOf(new User(partner, user)));
  }

  private Bucket bucketOf(User user) {
    return users.get(user, _ -> bucket(settings.missesOfUser()));
  }

  private Bucket bucketOf(PartnerId partner) {
    return partners.get(partner, _ -> bucket(settings.missesOfPartner()));
  }

  private static Bucket bucket(int misses) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(misses).refillGreedy(misses, PERIOD))
        .build();
  }

  private static <K, V> Cache<K, V> cache() {
    return Caffeine.newBuilder().maximumSize(USERS).expireAfterAccess(PERIOD).build();
  }

  private static ProblemException refusal(long nanosToWait) {
    return new ProblemException(
        Problem.of(ProblemCode.TOO_MANY_MISSES, "Too many codes were named that are not there"),
        Map.of(
            HttpHeaders.RETRY_AFTER,
            Long.toString(1 + TimeUnit.NANOSECONDS.toSeconds(nanosToWait))));
  }
}
