package dev.couponbook.cli.queue;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.local.Letters;
import dev.couponbook.local.SqsClient.Received;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "show",
    aliases = "peek",
    description = {
      "Shows the letters of a queue of dead letters, or of all of them, and leaves them there.",
      "Each look counts as a receive."
    })
final class QueueShow implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "QUEUE",
      description = "The queue of dead letters, such as coupon-commands-dead (default: each).")
  @Nullable String name;

  @Option(
      names = "-n",
      paramLabel = "COUNT",
      defaultValue = "10",
      description = "How many letters of a queue at most (default ${DEFAULT-VALUE}).")
  int count = 10;

  @Option(
      names = "--body",
      description =
          "Show the messages themselves, with the codes and e-mail addresses that are in them.")
  boolean body;

  @Override
  public Integer call() {
    var queues = name == null ? DeadQueue.all() : List.of(DeadQueue.named(name));
    var home = options.home();
    var shown = new ArrayList<Map<String, Object>>();
    for (var queue : queues) {
      var seen = look(home, queue);
      var letters = seen.letters().stream().map(letter -> described(queue, letter)).toList();
      shown.addAll(letters);
      if (!options.json) {
        print(queue, letters, seen.inOtherHands());
      }
    }
    if (options.json) {
      Answer.json(shown);
    } else if (name == null && shown.isEmpty()) {
      System.out.println("There are no dead letters.");
    }
    return ExitCode.DONE;
  }

  private Letters.Seen look(Home home, DeadQueue queue) {
    try {
      return queue.letters(home).look(count);
    } catch (IOException e) {
      throw DeadQueue.unreachable(e);
    }
  }

  private Map<String, Object> described(DeadQueue queue, Received letter) {
    var described = new LinkedHashMap<String, Object>();
    described.put("queue", queue.name());
    described.put("messageId", letter.id());
    described.put("sentAt", letter.sentAt().toString());
    if (letter.firstReceivedAt().isAfter(Instant.EPOCH)) {
      described.put("firstReceivedAt", letter.firstReceivedAt().toString());
    }
    described.put("receives", letter.receives());
    var group = letter.content().group();
    if (group != null) {
      described.put("group", group);
    }
    described.putAll(LetterContents.of(letter.body()));
    var attributes = new LinkedHashMap<String, String>();
    letter
        .content()
        .attributes()
        .properties()
        .forEach(attribute -> attributes.put(attribute.getKey(), value(attribute.getValue())));
    described.put("attributes", attributes);
    if (body) {
      described.put("body", letter.body());
    }
    return described;
  }

  private static String value(JsonNode attribute) {
    var text = attribute.path("StringValue").asString("");
    return text.isEmpty() ? attribute.path("BinaryValue").asString("") : text;
  }

  private void print(DeadQueue queue, List<Map<String, Object>> letters, long inOtherHands) {
    if (!letters.isEmpty()) {
      System.out.printf("%s, from %s:%n", queue.name(), queue.source());
    } else if (name != null) {
      System.out.printf("No letter is visible in %s.%n", queue.name());
    }
    for (var letter : letters) {
      System.out.printf("  %s%n", letter.get("messageId"));
      letter.forEach((member, value) -> {
        if (!member.equals("messageId") && !member.equals("queue")) {
          System.out.printf("    %-16s %s%n", member, value);
        }
      });
    }
    if (inOtherHands > 0) {
      System.out.printf(
          "%,d letters of %s are in other hands; look again in a minute.%n",
          inOtherHands, queue.name());
    }
  }
}
