package dev.couponbook.bench;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.Program;
import dev.couponbook.cli.home.StartPrograms;
import dev.couponbook.cli.home.StopPrograms;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.coupon.BookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "quick",
    description = {
      "What a partner gets from this machine, in two minutes: starts the programs of the home anew"
          + " and",
      "prints rates, times and processor time per command, from the first second on and when the",
      "programs are warm, beside yardsticks of the same minute. Let nothing else run."
    })
final class BenchQuick implements Callable<Integer> {
  private static final Duration SLICE = Duration.ofSeconds(5);
  private static final int COLD_SLICES = 4;
  private static final int LEAST_CODES = 10_000;
  private static final int MANY = 64;
  private static final int SOME = 16;
  private static final Duration YARDSTICK = Duration.ofSeconds(5);
  private static final Duration WARM_UP_OF_YARDSTICK = Duration.ofSeconds(4);
  private static final int OF_YARDSTICK = 200_000;

  @Mixin HomeOptions options = new HomeOptions();

  @Option(
      names = "--codes",
      paramLabel = "N",
      defaultValue = "300000",
      description = "Free codes of the book (default ${DEFAULT-VALUE}).")
  int codes = 300_000;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "25",
      description = "Load between the first seconds and the warm ones (default ${DEFAULT-VALUE}).")
  int warmUp = 25;

  @Option(
      names = "--as-it-is",
      description = "Leaves the programs as they are; the first seconds are theirs then.")
  boolean asItIs;

  /**
   * A line of the table.
   *
   * @param millis of processor time per command, by program
   */
  private record Line(
      String what, double perSecond, double p50, double p99, Map<String, Double> millis) {
    double allMillis() {
      return millis.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Double> others = new LinkedHashMap<>();

  @Override
  public Integer call() {
    if (codes < LEAST_CODES || warmUp < 0) {
      throw new CommandFailure(
          ExitCode.USAGE, "--codes must be at least " + LEAST_CODES + ", --warm-up at least 0.");
    }
    var run = BenchRun.begin(options.home(), codes);
    BookId book;
    BookId byHand;
    try (var edge = run.edge()) {
      book = Commands.book(run, edge, codes);
      byHand = Commands.book(run, edge, OF_YARDSTICK);
    }
    if (!asItIs) {
      startAnew(run);
    }
    var assigns = new HttpAssigns(run, book, "quick");
    var load = assigns.answered();
    for (int i = 0; i < COLD_SLICES; i++) {
      long from = SLICE.toSeconds() * i;
      add(
          run,
          "assign, %d connections, s %d-%d".formatted(MANY, from, from + 5),
          1,
          () -> load.measure(MANY, SLICE));
    }
    if (warmUp > 0) {
      load.measure(MANY, Duration.ofSeconds(warmUp));
    }
    double calls = Cost.now(run.home()).sqsCalls();
    int commands = add(run, "assign, 64 connections, warm", 1, () -> load.measure(MANY, SLICE));
    others.put("SQS calls per command", (Cost.now(run.home()).sqsCalls() - calls) / commands);
    add(run, "assign, 16 connections", 1, () -> load.measure(SOME, SLICE));
    add(run, "assign, 4 connections", 1, () -> load.measure(4, SLICE));
    add(run, "assign, 1 connection", 1, () -> load.measure(1, SLICE));
    add(
        run,
        "lock and redeem, 16 connections",
        2,
        () -> new LockAndRedeem(run, book).measure(SOME, SLICE));
    add(run, "assign, answered 202", 1, () -> assigns.accepted().measure(MANY, SLICE));
    assigns.drain();
    direct(run, byHand);
    yardsticks(run, byHand);
    print();
    return ExitCode.DONE;
  }

  private void startAnew(BenchRun run) {
    new StopPrograms(run.home().directory(), _ -> {}).stop(List.of(Program.values()));
    long began = System.nanoTime();
    new StartPrograms(run.home().directory(), run.home().file().terms(), _ -> {}).start();
    others.put("up to ready, s", (System.nanoTime() - began) / 1e9);
  }

  /** Measures one line; returns how many there were. */
  private int add(BenchRun run, String what, int commands, Supplier<Latencies> load) {
    var before = ProcessorTime.now(run.home());
    var measured = load.get();
    var cost = ProcessorTime.now(run.home()).minus(before);
    var millis = new LinkedHashMap<String, Double>();
    cost.byProgram()
        .forEach((program, time) ->
            millis.put(program, time.toMillis() / ((double) measured.count() * commands)));
    lines.add(
        new Line(what, measured.perSecond(), measured.millis(50), measured.millis(99), millis));
    if (!options.json) {
      System.err.printf("  %s%n", what);
    }
    return measured.count() * commands;
  }

  private void direct(BenchRun run, BookId book) {
    try (var direct = DirectYardstick.start(run, book)) {
      var assigns = direct.assigns();
      assigns.measure(MANY, WARM_UP_OF_YARDSTICK);
      yardstick("assign, 64 connections", assigns.measure(MANY, YARDSTICK));
      yardstick("assign, 16 connections", assigns.measure(SOME, YARDSTICK));
      var pairs = direct.pairs();
      pairs.measure(SOME, WARM_UP_OF_YARDSTICK);
      yardstick("lock and redeem, 16 connections", pairs.measure(SOME, YARDSTICK));
    }
  }

  private void yardstick(String what, Latencies latencies) {
    others.put("direct endpoint, " + what + ", /s", latencies.perSecond());
    others.put("direct endpoint, " + what + ", p50 ms", latencies.millis(50));
  }

  private void yardsticks(BenchRun run, BookId book) {
    var headers = "Accept: application/json\r\n";
    others.put(
        "constant answer of the edge, 64 connections, /s",
        new RepeatedRequests(
                run.home().ports().edge(),
                RawConnection.request("GET", "/health/liveness", headers, ""),
                200)
            .perSecond(MANY, YARDSTICK));
    others.put(
        "assign by hand, 8 JDBC connections, /s",
        new ByHand(run.home(), book).assignsPerSecond(YARDSTICK));
  }

  private void print() {
    if (options.json) {
      var report = new LinkedHashMap<String, Object>();
      report.put("bench", "quick");
      report.put("lines", lines);
      report.put("others", others);
      Answer.json(report);
      return;
    }
    var programs = lines.getFirst().millis().keySet();
    System.out.printf("%-34s %8s %8s %8s %8s", "", "/s", "p50 ms", "p99 ms", "cpu ms");
    programs.forEach(program -> System.out.printf(" %13s", program));
    System.out.println();
    for (var line : lines) {
      System.out.printf(
          Locale.ROOT,
          "%-34s %8.0f %8.1f %8.1f %8.2f",
          line.what(),
          line.perSecond(),
          line.p50(),
          line.p99(),
          line.allMillis());
      line.millis().values().forEach(ms -> System.out.printf(Locale.ROOT, " %13.2f", ms));
      System.out.println();
    }
    others.forEach(
        (what, figure) -> System.out.printf(Locale.ROOT, "%-58s %10.2f%n", what, figure));
  }
}
