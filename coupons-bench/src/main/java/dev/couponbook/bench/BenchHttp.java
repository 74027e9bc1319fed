package dev.couponbook.bench;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "http",
    description = {
      "Assigns as a partner sees them, over 64 kept-alive connections: answered with the code by",
      "'Prefer: wait', as fast as answers come and then at half that rate, and answered 202."
          + " Beside",
      "y: eight JDBC connections, one prepared statement per transaction doing the same by hand.",
      "Processor time is the whole machine's less this program's: let nothing else run."
    })
final class BenchHttp implements Callable<Integer> {
  private static final int CONNECTIONS = 64;
  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration YARDSTICK = Duration.ofSeconds(8);
  private static final int OF_YARDSTICK = 200_000;
  private static final int LEAST_CODES = 10_000;

  @Mixin HomeOptions options = new HomeOptions();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "15",
      description = "How long each is measured (default ${DEFAULT-VALUE}).")
  int seconds = 15;

  @Option(
      names = "--codes",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Free codes of the book (default ${DEFAULT-VALUE}).")
  int codes = 1_000_000;

  private final LinkedHashMap<String, Object> figures = new LinkedHashMap<>();

  @Override
  public Integer call() {
    if (seconds < 1 || codes < LEAST_CODES) {
      throw new CommandFailure(
          ExitCode.USAGE, "--seconds must be at least 1, --codes at least " + LEAST_CODES + ".");
    }
    var run = BenchRun.begin(options.home(), codes);
    try (var edge = run.edge()) {
      var byHand = new ByHand(run.home(), Commands.book(run, edge, OF_YARDSTICK));
      double y = byHand.assignsPerSecond(YARDSTICK);
      var book = Commands.book(run, edge, codes);
      var assigns = new HttpAssigns(run, book, "http");
      double answers = answered(run, assigns.answered());
      figures.put(
          "acceptedPerSecond",
          Math.round(assigns.accepted().perSecond(CONNECTIONS, Duration.ofSeconds(seconds))));
      assigns.drain();
      var report = new LinkedHashMap<String, Object>();
      report.put("bench", "http");
      report.put("connections", CONNECTIONS);
      report.put("ratios", Map.of("answers", TimedLoad.rounded(answers / y)));
      report.put("yPerSecond", Math.round(y));
      report.putAll(figures);
      BenchRun.print(report, options.json);
    }
    return ExitCode.DONE;
  }

  private double answered(BenchRun run, RepeatedRequests load) {
    load.measure(CONNECTIONS, WARM_UP);
    var before = Cost.now(run.home());
    var full = load.measure(CONNECTIONS, Duration.ofSeconds(seconds));
    var cost = Cost.now(run.home()).minus(before);
    var half = load.paced(CONNECTIONS, Duration.ofSeconds(seconds), full.perSecond() / 2);
    figures.put("answersPerSecond", Math.round(full.perSecond()));
    latencies("", full);
    latencies("AtHalfLoad", half);
    figures.put(
        "processorMillisPerAssign",
        TimedLoad.rounded((double) cost.processor().toMillis() / full.count()));
    figures.put("sqsCallsPerCommand", TimedLoad.rounded((double) cost.sqsCalls() / full.count()));
    return full.perSecond();
  }

  private void latencies(String when, Latencies latencies) {
    figures.put("p50Millis" + when, TimedLoad.rounded(latencies.millis(50)));
    figures.put("p99Millis" + when, TimedLoad.rounded(latencies.millis(99)));
  }
}
