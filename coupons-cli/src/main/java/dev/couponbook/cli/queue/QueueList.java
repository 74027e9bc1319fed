package dev.couponbook.cli.queue;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.local.Resources;
import dev.couponbook.local.SqsClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = {
      "Shows how many messages wait in each queue, and how many somebody has in hand.",
      "Dead letters are in the queues whose names end with -dead."
    })
final class QueueList implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Override
  public Integer call() {
    var depths = depths(SqsClient.of(options.home().file()));
    if (options.json) {
      Answer.json(depths);
    } else {
      System.out.printf("%-26s %8s %8s%n", "queue", "waiting", "in hand");
      depths.forEach((queue, depth) ->
          System.out.printf("%-26s %,8d %,8d%n", queue, depth.waiting(), depth.inHand()));
    }
    return ExitCode.DONE;
  }

  private static Map<String, SqsClient.Depth> depths(SqsClient client) {
    var depths = new LinkedHashMap<String, SqsClient.Depth>();
    try {
      for (var queue : Resources.load().queues()) {
        depths.put(queue.name(), client.depth(queue.name()));
      }
    } catch (IOException e) {
      throw DeadQueue.unreachable(e);
    }
    return depths;
  }
}
