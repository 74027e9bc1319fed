package dev.couponbook.bench;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.home.Partners;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One run of a benchmark.
 *
 * @param seed new for each run, because a home keeps the codes of the last one
 * @param present codes that the home had before
 */
public record BenchRun(Home home, int rows, int seed, long present) {

  public static BenchRun begin(Home home, int rows) {
    if (!home.isReady()) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "The home in "
              + home.directory().root()
              + " is not running: start it with ./coupons up.");
    }
    // Seconds, and a bit for the second file of a run.
    int seed = (int) (Instant.now().getEpochSecond() & 0xFFFFFFF) << 1;
    return new BenchRun(home, rows, seed, present(home));
  }

  private static final String PRESENT =
      "SELECT coalesce(sum(free + assigned + void), 0) FROM coupon_book_delta";

  private static long present(Home home) {
    return OpsDatabase.ask(
        home,
        connection -> {
          try (var statement = connection.createStatement()) {
            var row = statement.executeQuery(PRESENT);
            row.next();
            return row.getLong(1);
          }
        });
  }

  CodeFile file(int which, int duplicates, int bad) {
    return new CodeFile(seed + which, rows, duplicates, bad);
  }

  Path temporaryFile() throws IOException {
    return Files.createTempFile(home.directory().run(), "bench-", ".csv");
  }

  public EdgeClient edge() {
    return new EdgeClient(home.ports().edgeUrl(), token());
  }

  String token() {
    return home.token(Partners.clientId(home, Partners.FIRST), Duration.ofHours(12));
  }

  String newBook(EdgeClient edge) {
    var reply = edge.command("/coupons", Map.of("bookName", "Benchmark " + Instant.now()));
    if (reply.status() != 201) {
      throw EdgeClient.unexpected("POST /coupons", reply);
    }
    return reply.text("bookId");
  }

  /** The members that scripts rely on; more may be added. */
  Map<String, Object> report(String bench, TimedLoad load, Map<String, Double> ratios) {
    var report = new LinkedHashMap<String, Object>();
    report.put("bench", bench);
    report.put("rows", rows);
    report.put("seconds", load.seconds());
    report.put("ratios", ratios);
    report.put("present", present);
    report.putAll(load.json());
    return report;
  }

  /** One line of JSON, or one line per figure. */
  static void print(Map<String, Object> report, boolean json) {
    if (json) {
      Answer.json(report);
    } else {
      report.forEach((name, figure) -> System.out.printf("%-18s %s%n", name, figure));
    }
  }
}
