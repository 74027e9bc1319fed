package dev.couponbook.bench;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "redeem",
    description = {
      "A lock and a redeem of each of many codes, queued while the worker is stopped and measured",
      "from the end of its warm-up to the last commit, first all locks, then all redeems. Beside"
          + " y:",
      "eight JDBC connections, a transaction that locks a code and one that redeems it."
    })
final class BenchRedeem implements Callable<Integer> {
  private static final int LEAST = 2_000;
  private static final Duration YARDSTICK = Duration.ofSeconds(8);
  private static final int OF_YARDSTICK = 100_000;

  @Mixin HomeOptions options = new HomeOptions();

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Codes that are locked and redeemed (default ${DEFAULT-VALUE}).")
  int pairs = 100_000;

  @Override
  public Integer call() {
    if (pairs < LEAST) {
      throw new CommandFailure(ExitCode.USAGE, "--pairs must be at least " + LEAST + ".");
    }
    var run = BenchRun.begin(options.home(), pairs);
    var bench = new Commands(run.home());
    try (var edge = run.edge()) {
      int codes = pairs + OF_YARDSTICK;
      var book = Commands.book(run, edge, codes);
      new WorkerTransactions(run.home(), bench).run(codes, i -> Commands.assign(book, i));
      var held = bench.held(book);
      double y =
          new ByHand(run.home(), book)
              .pairsPerSecond(bench.partner(), held.subList(pairs, codes), YARDSTICK);
      var drain = new DrainQueue(run.home(), bench);
      double locks =
          drain
              .drain(pairs, i -> new LockCode(held.get(i).code(), held.get(i).user(), null))
              .perSecond();
      double redeems =
          drain
              .drain(pairs, i -> new RedeemCode(held.get(i).code(), held.get(i).user(), null))
              .perSecond();
      report(y, locks, redeems);
    }
    return ExitCode.DONE;
  }

  private void report(double y, double locks, double redeems) {
    double both = 1 / (1 / locks + 1 / redeems);
    var report = new LinkedHashMap<String, Object>();
    report.put("bench", "redeem");
    report.put("pairs", pairs);
    report.put("ratios", Map.of("pairs", TimedLoad.rounded(both / y)));
    report.put("yPerSecond", Math.round(y));
    report.put("pairsPerSecond", Math.round(both));
    report.put("locksPerSecond", Math.round(locks));
    report.put("redeemsPerSecond", Math.round(redeems));
    BenchRun.print(report, options.json);
  }
}
