package dev.couponbook.cli.queue;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.local.Letters;
import dev.couponbook.local.Resources;
import dev.couponbook.local.Resources.Queue;
import dev.couponbook.local.SqsClient;
import java.io.IOException;
import java.util.List;

/**
 * A queue of dead letters.
 *
 * @param source the queue from which its letters come
 */
record DeadQueue(String name, String source) {
  /** All of them, in the order of the list of resources. */
  static List<DeadQueue> all() {
    return Resources.load().queues().stream()
        .filter(queue -> queue.deadLetter() != null)
        .map(DeadQueue::of)
        .toList();
  }

  private static DeadQueue of(Queue source) {
    var dead = source.deadLetter();
    if (dead == null) {
      throw new IllegalArgumentException(source.name() + " has no dead letters");
    }
    return new DeadQueue(dead.queue(), source.name());
  }

  /**
   * The one of this name.
   *
   * @throws CommandFailure if there is none, with the names of those that there are
   */
  static DeadQueue named(String name) {
    return all().stream()
        .filter(queue -> queue.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.USAGE,
                "There is no queue of dead letters '"
                    + name
                    + "'; they are "
                    + String.join(", ", all().stream().map(DeadQueue::name).toList())
                    + "."));
  }

  Letters letters(Home home) {
    return new Letters(SqsClient.of(home.file()), name, source);
  }

  static CommandFailure unreachable(IOException e) {
    return new CommandFailure(
        ExitCode.UNREACHABLE,
        "The queues do not answer (" + e.getMessage() + "): is the home up? ./coupons status",
        e);
  }
}
