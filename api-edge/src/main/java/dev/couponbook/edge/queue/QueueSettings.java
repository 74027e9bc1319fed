package dev.couponbook.edge.queue;

import dev.couponbook.program.Environment;

/**
 * The queues that commands go to.
 *
 * @param commands for the worker
 * @param loads for jobs: large generations, cancel, undo
 */
public record QueueSettings(String commands, String loads) {
  public static QueueSettings from(Environment environment) {
    return new QueueSettings(
        environment.text("COUPON_QUEUE_COMMANDS", "coupon-commands"),
        environment.text("COUPON_QUEUE_LOADS", "coupon-loads"));
  }
}
