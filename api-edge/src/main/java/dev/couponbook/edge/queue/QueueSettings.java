package dev.couponbook.edge.queue;

import dev.couponbook.program.Environment;

/**
 * The queues that commands go to.
 *
 * @param commands for the worker
 * @param loads for jobs: large generations, cancel, undo
 * @param together how many commands may travel in one message to the worker; 1 while there are
 *     workers that know no envelopes
 */
public record QueueSettings(String commands, String loads, int together) {
  // One transaction of the worker.
  private static final int DEFAULT_TOGETHER = 100;

  public static QueueSettings from(Environment environment) {
    return new QueueSettings(
        environment.text("COUPON_QUEUE_COMMANDS", "coupon-commands"),
        environment.text("COUPON_QUEUE_LOADS", "coupon-loads"),
        environment.number("COUPON_EDGE_COMMANDS_PER_MESSAGE", 1, 1_000, DEFAULT_TOGETHER));
  }
}
