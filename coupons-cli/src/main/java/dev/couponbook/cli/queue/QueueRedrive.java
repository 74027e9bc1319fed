package dev.couponbook.cli.queue;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Reason;
import dev.couponbook.local.Letters.Moved;
import dev.couponbook.local.Letters.Order;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "redrive",
    description = {
      "Sends dead letters back to the queue that they came from, with their attributes and group.",
      "Who did so and why is kept in the attribute couponbook.redriven of the message, and in the",
      "home's logs/redrives.log. A command that now takes effect replaces its parked answer; one",
      "that took effect before does not take effect again."
    })
final class QueueRedrive implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();
  @Mixin Reason reason = new Reason();

  @Parameters(
      paramLabel = "QUEUE",
      description = "The queue of dead letters, such as coupon-commands-dead.")
  String name = "";

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Only the letter with this messageId; can be given several times.")
  List<String> ids = new ArrayList<>();

  @Override
  public Integer call() {
    var queue = DeadQueue.named(name);
    var home = options.home();
    var order = new Order(reason.who(), reason.why(), Instant.now());
    var journal = new RedriveJournal(home, queue, order);
    var wanted = Set.copyOf(ids);
    try {
      return report(
          queue,
          queue
              .letters(home)
              .redrive(
                  letter -> wanted.isEmpty() || wanted.contains(letter.id()),
                  wanted.isEmpty() ? Integer.MAX_VALUE : wanted.size(),
                  order,
                  journal::write));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "Not all letters could be sent back ("
              + e.getMessage()
              + "); those that were are in "
              + journal.file()
              + ". Is the home up? ./coupons status",
          e);
    }
  }

  private int report(DeadQueue queue, Moved moved) {
    var missing = ids.stream().filter(id -> !moved.letters().contains(id)).distinct().toList();
    if (options.json) {
      var answer = new LinkedHashMap<String, Object>();
      answer.put("moved", moved.letters().size());
      answer.put("to", queue.source());
      answer.put("letters", moved.letters());
      answer.put("missing", missing);
      answer.put("inOtherHands", moved.inOtherHands());
      Answer.json(answer);
    } else {
      System.out.printf("%,d letters went back to %s.%n", moved.letters().size(), queue.source());
    }
    if (!missing.isEmpty()) {
      System.err.printf(
          "There is no letter %s in %s%s; ./coupons queues show %s has them.%n",
          String.join(", ", missing),
          queue.name(),
          moved.inOtherHands() == 0 ? "" : " that is not in other hands just now",
          queue.name());
      return ExitCode.REFUSED;
    }
    if (moved.inOtherHands() > 0) {
      System.err.printf(
          "%,d letters are in other hands and stayed; try again in a minute.%n",
          moved.inOtherHands());
      return ExitCode.WAIT_TIMED_OUT;
    }
    return ExitCode.DONE;
  }
}
