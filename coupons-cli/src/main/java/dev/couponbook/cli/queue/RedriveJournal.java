package dev.couponbook.cli.queue;

import dev.couponbook.cli.home.Home;
import dev.couponbook.json.Json;
import dev.couponbook.local.Letters.Order;
import dev.couponbook.local.SqsClient.Received;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;

/**
 * The file of a home in which each letter that is sent back has a line of JSON: when, who, why,
 * which letter, from where to where. The line comes before the letter goes, so that none goes back
 * unrecorded; a letter that could not be sent then has a line all the same.
 */
final class RedriveJournal {
  private final Path file;
  private final DeadQueue queue;
  private final Order order;

  RedriveJournal(Home home, DeadQueue queue, Order order) {
    this.file = home.directory().logFile("redrives");
    this.queue = queue;
    this.order = order;
  }

  Path file() {
    return file;
  }

  void write(Received letter) throws IOException {
    var line = new LinkedHashMap<String, Object>();
    line.put("at", order.at().toString());
    line.put("who", order.who());
    line.put("why", order.why());
    line.put("letter", letter.id());
    line.put("from", queue.name());
    line.put("to", queue.source());
    Files.writeString(
        file,
        Json.mapper().writeValueAsString(line) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
