package dev.couponbook.worker;

import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.store.batch.CommandLog.AnsweredMeanwhileException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Repeats a transaction as long as that can help. */
final class RetryTransactions {
  private RetryTransactions() {}

  // Deadlocks and lost races are settled in one or two more turns; whatever needs more has
  // another cause.
  private static final int TURNS = 5;
  private static final Duration PAUSE = Duration.ofMillis(20);
  // While the database is away, a batch is kept in hand for this long, well under its
  // visibility, so that no receive is counted against a command for what is not its fault.
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration PAUSE_WHILE_AWAY = Duration.ofMillis(500);

  /**
   * Runs the transaction, again at once after a lost race, and for up to 40 seconds while the
   * database is away.
   *
   * @throws DatabaseException the last failure, if no further turn would help
   * @throws AnsweredMeanwhileException if others answered the same requests on every turn
   */
  static <T> T retrying(Supplier<T> transaction) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int turn = 1; ; turn++) {
      try {
        return transaction.get();
      } catch (AnsweredMeanwhileException e) {
        if (turn >= TURNS) {
          throw e;
        }
      } catch (DatabaseException e) {
        if (!helpsToTryAgain(e, turn, deadline)) {
          throw e;
        }
        pause(e.kind() == DatabaseException.Kind.UNAVAILABLE ? PAUSE_WHILE_AWAY : PAUSE);
      }
    }
  }

  private static boolean helpsToTryAgain(DatabaseException failure, int turn, long deadline) {
    return switch (failure.kind()) {
      case RETRY, CONFLICT -> turn < TURNS;
      // On the next turn the look-up of known requests tells whether a lost commit happened.
      case UNAVAILABLE, UNKNOWN_OUTCOME -> System.nanoTime() < deadline;
      // A lock may have ended, or a code expired, between the decision and the guard, which looks
      // at the clock again: the next decision sees it. Twice is a bug.
      case BUG -> turn == 1 && failure.isRefusedByGuard();
    };
  }

  private static void pause(Duration most) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(most.toMillis() + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while waiting for the database", e);
    }
  }
}
