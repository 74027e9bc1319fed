package dev.couponbook.cli.queue;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.json.Json;
import dev.couponbook.local.HomeException;
import dev.couponbook.local.Resources;
import dev.couponbook.local.SqsClient;
import dev.couponbook.local.SqsClient.Received;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "queues",
    description = "The queues, and the dead letters in them.",
    subcommands = {Queues.ListThem.class, Queues.Peek.class, Queues.Redrive.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Queues {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  private static SqsClient client(Home home) {
    return SqsClient.of(home.file());
  }

  /** The queue of this name. */
  private static Resources.Queue queue(String name) {
    var queues = Resources.load().queues();
    return queues.stream()
        .filter(queue -> queue.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.USAGE,
                "There is no queue '"
                    + name
                    + "'; the known ones are "
                    + String.join(", ", queues.stream().map(Resources.Queue::name).toList())
                    + "."));
  }

  private static CommandFailure unreachable(Exception e) {
    return new CommandFailure(
        ExitCode.UNREACHABLE, "The queues do not answer: is the home up? ./coupons status", e);
  }

  @Command(name = "list", description = "Shows how many messages wait in each queue.")
  static final class ListThem implements Callable<Integer> {
    @Mixin HomeOptions options = new HomeOptions();

    @Override
    public Integer call() {
      var client = client(options.home());
      var depths = new LinkedHashMap<String, SqsClient.Depth>();
      try {
        Resources.load()
            .queues()
            .forEach(queue -> depths.put(queue.name(), client.depth(queue.name())));
      } catch (HomeException e) {
        throw unreachable(e);
      }
      if (options.json) {
        Answer.json(depths);
      } else {
        System.out.printf("%-26s %8s %8s%n", "queue", "waiting", "in hand");
        depths.forEach((queue, depth) ->
            System.out.printf("%-26s %,8d %,8d%n", queue, depth.waiting(), depth.inHand()));
      }
      return ExitCode.DONE;
    }
  }

  @Command(
      name = "peek",
      description = {
        "Shows messages of a queue and leaves them there.",
        "Meant for dead letters: in any other queue, each look counts as a receive."
      })
  static final class Peek implements Callable<Integer> {
    @Mixin HomeOptions options = new HomeOptions();

    @Parameters(paramLabel = "QUEUE", description = "The queue, such as coupon-commands-dead.")
    String name = "";

    @Option(
        names = "-n",
        paramLabel = "COUNT",
        defaultValue = "10",
        description = "How many at most (default ${DEFAULT-VALUE}).")
    int count = 10;

    @Override
    public Integer call() {
      var queue = queue(name);
      var client = client(options.home());
      var shown = new ArrayList<Map<String, Object>>();
      for (var message : look(client, queue, count)) {
        shown.add(described(message));
      }
      if (options.json) {
        Answer.json(shown);
      } else if (shown.isEmpty()) {
        System.out.println("No message is available in " + name + " right now.");
      } else {
        shown.forEach(message -> System.out.println(Json.mapper().writeValueAsString(message)));
      }
      return ExitCode.DONE;
    }

    private static List<Received> look(SqsClient client, Resources.Queue queue, int count) {
      var messages = new ArrayList<Received>();
      try {
        while (messages.size() < count) {
          var some = client.receive(queue.name());
          if (some.isEmpty()) {
            break;
          }
          messages.addAll(some);
        }
        for (var message : messages) {
          client.giveBack(queue.name(), message);
        }
      } catch (IOException e) {
        throw unreachable(e);
      }
      return messages.subList(0, Math.min(count, messages.size()));
    }

    // The body has codes and addresses, so it is not shown: use the queue's own tools to see it.
    private static Map<String, Object> described(Received message) {
      var described = new LinkedHashMap<String, Object>();
      described.put("messageId", message.id());
      described.put("sentAt", message.sentAt().toString());
      described.put("receives", message.receives());
      try {
        var command = CommandCodec.decode(message.body());
        described.put("requestId", command.requestId().toString());
        described.put("partner", command.partner().value());
        described.put("command", command.command().kind());
      } catch (UndecodableMessageException e) {
        described.put("undecodable", e.getMessage());
        described.put("characters", message.body().length());
      }
      return described;
    }
  }

  @Command(
      name = "redrive",
      description = {
        "Sends dead letters back to the queue that they came from.",
        "A command that now takes effect replaces its parked answer; one that took effect",
        "before does not take effect again."
      })
  static final class Redrive implements Callable<Integer> {
    @Mixin HomeOptions options = new HomeOptions();

    @Parameters(
        paramLabel = "QUEUE",
        description = "The queue of dead letters, such as coupon-commands-dead.")
    String name = "";

    @Override
    public Integer call() {
      var dead = queue(name);
      var source = source(dead);
      var client = client(options.home());
      int moved = 0;
      var sent = new HashSet<String>();
      try {
        for (var letters = client.receive(name);
            !letters.isEmpty();
            letters = client.receive(name)) {
          for (var letter : letters) {
            // Sent before it is deleted: a crash in between leaves a harmless second copy.
            if (sent.add(letter.id())) {
              client.send(source.name(), letter.body());
              moved++;
            }
            client.delete(name, letter);
          }
        }
      } catch (IOException e) {
        throw unreachable(e);
      }
      if (options.json) {
        Answer.json(Map.of("moved", moved, "to", source.name()));
      } else {
        System.out.printf("%,d messages went back to %s.%n", moved, source.name());
      }
      return ExitCode.DONE;
    }

    private static Resources.Queue source(Resources.Queue dead) {
      return Resources.load().queues().stream()
          .filter(
              queue -> queue.deadLetter() != null && queue.deadLetter().queue().equals(dead.name()))
          .findFirst()
          .orElseThrow(() ->
              new CommandFailure(ExitCode.USAGE, dead.name() + " is not a queue of dead letters."));
    }
  }
}
