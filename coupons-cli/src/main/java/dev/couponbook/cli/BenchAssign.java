package dev.couponbook.cli;

import dev.couponbook.command.AssignAny;
import dev.couponbook.command.Command;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "assign",
    description = {
      "Queues commands while the worker is stopped, starts it, and measures from the end of its",
      "warm-up to the last commit: assigns from one hot book, assigns from 100 books, and a lock",
      "and a redeem of what was assigned. Beside y: eight JDBC connections, one prepared statement",
      "a transaction that picks a code, counts its holder up and writes an outcome."
    })
final class BenchAssign implements Callable<Integer> {
  private static final int BOOKS = 100;
  private static final Duration YARDSTICK = Duration.ofSeconds(8);

  @Mixin HomeOptions options = new HomeOptions();

  @Option(
      names = "--commands",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Commands a figure (default ${DEFAULT-VALUE}).")
  int commands = 100_000;

  @Override
  public Integer call() {
    if (commands < 10 * BOOKS) {
      throw new CommandFailure(ExitCode.USAGE, "--commands must be at least " + 10 * BOOKS + ".");
    }
    var run = BenchRun.begin(options.home(), commands);
    try (var edge = run.edge()) {
      // Half as many again as are given out, and as many for the yardstick.
      var hot = book(run, edge, commands * 3 / 2);
      var byHand = book(run, edge, Math.max(commands, 200_000));
      var books = new ArrayList<BookId>();
      for (int i = 0; i < BOOKS; i++) {
        books.add(book(run, edge, Math.max(1_001, commands * 3 / 2 / BOOKS)));
      }
      double y = new BenchByHand(run.home(), byHand).assignsPerSecond(YARDSTICK);
      var drain = new BenchDrain(run.home());
      double one = drain.perSecond(assigns(List.of(hot)));
      double many = drain.perSecond(assigns(books));
      var given = drain.codesOf(hot, commands);
      double locks =
          drain.perSecond(each(given, held -> new LockCode(held.code(), held.user(), null)));
      double redeems =
          drain.perSecond(each(given, held -> new RedeemCode(held.code(), held.user(), null)));
      report(y, one, many, 1 / (1 / locks + 1 / redeems));
    }
    return ExitCode.DONE;
  }

  private List<Command> assigns(List<BookId> books) {
    return IntStream.range(0, commands)
        .<Command>mapToObj(
            i -> new AssignAny(books.get(i % books.size()), new Email("user" + i + "@example.com")))
        .toList();
  }

  /** A code, and who holds it. */
  record Held(CouponCode code, Email user) {}

  private interface Ask {
    Command of(Held held);
  }

  private static List<Command> each(List<Held> given, Ask ask) {
    return given.stream().map(ask::of).toList();
  }

  private static BookId book(BenchRun run, EdgeClient edge, int codes) {
    var book = run.newBook(edge);
    var request =
        edge.submit("/coupons/codes", Map.of("bookId", book, "generated", Map.of("amount", codes)));
    BenchLoad.follow(run.home(), Jobs.uuid(request));
    return BookId.parse(book);
  }

  private void report(double y, double hot, double many, double pairs) {
    var ratios = new LinkedHashMap<String, Double>();
    ratios.put("queue", BenchLoad.rounded(hot / y));
    ratios.put("hot", BenchLoad.rounded(hot / many));
    ratios.put("pairs", BenchLoad.rounded(pairs / y));
    var report = new LinkedHashMap<String, Object>();
    report.put("bench", "assign");
    report.put("commands", commands);
    report.put("ratios", ratios);
    report.put("assignsPerSecond", Math.round(hot));
    report.put("assignsPerSecondOf100Books", Math.round(many));
    report.put("lockAndRedeemPairsPerSecond", Math.round(pairs));
    report.put("yPerSecond", Math.round(y));
    BenchRun.print(report, options.json);
  }
}
