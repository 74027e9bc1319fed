package dev.couponbook.worker;

import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;
import dev.couponbook.program.MetricsSettings;
import java.time.Duration;

/**
 * The settings of the worker.
 *
 * @param commands the queue of commands
 * @param deadLetters where the queue puts commands that failed too often
 * @param batchSize how many commands one transaction takes at most
 * @param batches how many batches are worked on at once; each needs a connection
 * @param deadLetterPause the pause between two looks through the dead letters
 * @param locksOfUser how many live locks a user of a partner may hold at once
 * @param metrics where metrics are served
 */
public record WorkerSettings(
    DatabaseSettings database,
    String commands,
    String deadLetters,
    int batchSize,
    int batches,
    Duration deadLetterPause,
    int locksOfUser,
    MetricsSettings metrics) {
  // More than a checkout ever locks, or a load test from one machine asks for, and still
  // counted in milliseconds.
  static final int DEFAULT_LOCKS_OF_USER = 10_000;

  public static WorkerSettings from(Environment environment) {
    return new WorkerSettings(
        DatabaseSettings.from(environment, "coupon_worker"),
        environment.text("COUPON_QUEUE_COMMANDS", "coupon-commands"),
        environment.text("COUPON_QUEUE_COMMANDS_DEAD", "coupon-commands-dead"),
        // A hundred commands share the cost of a commit; more would only make the first of them
        // wait longer.
        environment.number("COUPON_WORKER_BATCH_SIZE", 1, 1_000, 100),
        // Two batches per core keep it busy while others wait for the disk.
        environment.number("COUPON_WORKER_BATCHES", 1, 64, 4),
        // Until then their requests are queued for the partner; a look costs one empty receive.
        Duration.ofSeconds(environment.number("COUPON_WORKER_DEAD_LETTER_SECONDS", 1, 3_600, 10)),
        environment.number("COUPON_USER_LOCKS", 1, 1_000_000, DEFAULT_LOCKS_OF_USER),
        MetricsSettings.from(environment, "COUPON_WORKER"));
  }
}
