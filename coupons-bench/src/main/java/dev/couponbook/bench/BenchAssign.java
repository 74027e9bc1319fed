package dev.couponbook.bench;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.coupon.BookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "assign",
    description = {
      "Assigns beside y: eight JDBC connections, one prepared statement per transaction that picks a",
      "code, counts its holder up and writes an outcome. handler: the worker's transactions"
          + " without",
      "its queue, down to a book's last code. queue: commands are queued while the worker is",
      "stopped, it is started, and measured from the end of its warm-up to the last commit."
    })
final class BenchAssign implements Callable<Integer> {
  private static final int BOOKS = 100;
  private static final int END = 10_000;
  private static final Duration YARDSTICK = Duration.ofSeconds(8);
  private static final int OF_YARDSTICK = 200_000;

  @Mixin HomeOptions options = new HomeOptions();

  @Option(
      names = "--commands",
      paramLabel = "N",
      defaultValue = "200000",
      description = "Commands that are queued for a figure (default ${DEFAULT-VALUE}).")
  int commands = 200_000;

  @Option(
      names = "--codes",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Codes of the hot book, all of which are given out (default ${DEFAULT-VALUE}).")
  int codes = 1_000_000;

  private final LinkedHashMap<String, Double> ratios = new LinkedHashMap<>();
  private final LinkedHashMap<String, Object> figures = new LinkedHashMap<>();

  @Override
  public Integer call() {
    check();
    var run = BenchRun.begin(options.home(), commands);
    var bench = new Commands(run.home());
    try (var edge = run.edge()) {
      double y = yardstick(run, edge);
      handler(new WorkerTransactions(run.home(), bench), Commands.book(run, edge, codes), y);
      queue(new DrainQueue(run.home(), bench), run, edge, y);
    }
    BenchRun.print(report(), options.json);
    return ExitCode.DONE;
  }

  private void check() {
    if (commands < 10 * BOOKS || codes < 4 * END || codes % END != 0) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--commands must be at least %d, --codes a multiple of %d and at least %d."
              .formatted(10 * BOOKS, END, 4 * END));
    }
  }

  private double yardstick(BenchRun run, EdgeClient edge) {
    var byHand = new ByHand(run.home(), Commands.book(run, edge, OF_YARDSTICK));
    double y = byHand.assignsPerSecond(YARDSTICK);
    figures.put("yPerSecond", Math.round(y));
    return y;
  }

  private void handler(WorkerTransactions handler, BookId hot, double y) {
    var progress = handler.run(codes, i -> Commands.assign(hot, i));
    // The very first ones meet cold statements and cold Java.
    double first = progress.perSecond(END, 2 * END);
    double last = progress.perSecond(codes - END, codes);
    double all = progress.perSecond(END, codes);
    ratios.put("handler", TimedLoad.rounded(all / y));
    ratios.put("last", TimedLoad.rounded(last / first));
    figures.put("handlerPerSecond", Math.round(all));
    figures.put("handlerFirstPerSecond", Math.round(first));
    figures.put("handlerLastPerSecond", Math.round(last));
  }

  private void queue(DrainQueue drain, BenchRun run, EdgeClient edge, double y) {
    // Half as many again as are given out, so that it does not come to its last ones.
    var hot = Commands.book(run, edge, commands * 3 / 2);
    var books = new ArrayList<BookId>();
    for (int i = 0; i < BOOKS; i++) {
      books.add(Commands.book(run, edge, Math.max(1_001, commands * 3 / 2 / BOOKS)));
    }
    var drained = drain.drain(commands, i -> Commands.assign(hot, i));
    double one = drained.perSecond();
    double many = drain.drain(commands, i -> Commands.assign(books.get(i % BOOKS), i)).perSecond();
    figures.put("sqsCallsPerCommand", TimedLoad.rounded(drained.sqsCalls()));
    ratios.put("queue", TimedLoad.rounded(one / y));
    ratios.put("hot", TimedLoad.rounded(one / many));
    figures.put("queuePerSecond", Math.round(one));
    figures.put("queueOf100BooksPerSecond", Math.round(many));
  }

  private LinkedHashMap<String, Object> report() {
    var report = new LinkedHashMap<String, Object>();
    report.put("bench", "assign");
    report.put("commands", commands);
    report.put("codes", codes);
    report.put("ratios", ratios);
    report.putAll(figures);
    return report;
  }
}
