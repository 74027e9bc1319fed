package dev.couponbook.unlock;

import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;
import java.time.Duration;

/**
 * What the sweep can be told. Each retention is a number of days, or a duration of at least a
 * minute: {@code 30}, {@code PT36H}.
 *
 * @param sweeps the queue of the events of the schedule
 * @param outcomes how long the answer to a request is kept, and an idempotency key with it
 * @param rejects how long the rejected rows of a load are kept after it has finished
 * @param audit how long the record of who changed a code is kept
 */
public record UnlockSettings(
    DatabaseSettings database, String sweeps, Duration outcomes, Duration rejects, Duration audit) {
  // As the API promises for idempotency keys and rejects.
  private static final int DEFAULT_DAYS = 30;
  // A year's business, and the time to look into it.
  private static final int DEFAULT_AUDIT_DAYS = 400;
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  // As long as a message can be in a queue and then in its queue of dead letters.
  private static final Duration SHORTEST_FORGOTTEN = Duration.ofDays(28);
  private static final int MOST_DAYS = 36_500;

  public static UnlockSettings from(Environment environment) {
    return new UnlockSettings(
        DatabaseSettings.from(environment, "coupon_sweep"),
        environment.text("COUPON_QUEUE_SWEEPS", "coupon-sweeps"),
        retention(environment, "COUPON_KEEP_OUTCOMES_DAYS", DEFAULT_DAYS),
        retention(environment, "COUPON_KEEP_REJECTS_DAYS", DEFAULT_DAYS),
        retention(environment, "COUPON_KEEP_AUDIT_DAYS", DEFAULT_AUDIT_DAYS));
  }

  /** How long it is known that a request had an answer, after the answer was dropped. */
  Duration forgotten() {
    return outcomes.compareTo(SHORTEST_FORGOTTEN) < 0 ? SHORTEST_FORGOTTEN : outcomes;
  }

  private static Duration retention(Environment environment, String name, int otherwise) {
    return environment.days(name, SHORTEST, MOST_DAYS, otherwise);
  }
}
