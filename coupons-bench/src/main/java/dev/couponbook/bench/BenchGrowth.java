package dev.couponbook.bench;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.load.FindJob;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.command.AddCodes;
import dev.couponbook.coupon.BookId;
import dev.couponbook.store.tidy.Sweep;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.ToDoubleFunction;
import org.postgresql.PGConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "growth",
    description = {
      "How the cost of one book grows: generates it step by step to each of the sizes, and at each",
      "measures generating, assigning, looking codes up, reading all of them, and a sweep that finds",
      "nothing to do. A hundred million codes take some 30 GB."
    })
final class BenchGrowth implements Callable<Integer> {
  private static final int ASSIGNS = 50_000;
  private static final int WARM = 10_000;
  private static final int LOOKED_UP = 10_000;
  private static final int CONNECTIONS = 8;
  private static final Duration LOOK_UPS = Duration.ofSeconds(5);
  private static final Duration RETENTION = Duration.ofDays(30);
  private static final int SWEPT = 1_000;

  @Mixin HomeOptions options = new HomeOptions();

  @Option(
      names = "--sizes",
      paramLabel = "N",
      split = ",",
      defaultValue = "1000000,10000000",
      description = "Codes of the book at each step, ascending (default ${DEFAULT-VALUE}).")
  List<Integer> sizes = List.of();

  /** What was measured at one size. */
  private record Step(
      int codes,
      double generatedPerSecond,
      double assignsPerSecond,
      double lookUpsPerSecond,
      double lookUpP50,
      double readPerSecond,
      double sweepMillis) {}

  @Override
  public Integer call() throws SQLException, IOException {
    check();
    var run = BenchRun.begin(options.home(), sizes.getLast());
    var steps = new ArrayList<Step>();
    try (var edge = run.edge()) {
      var book = BookId.parse(run.newBook(edge));
      int present = 0;
      for (int size : sizes) {
        steps.add(step(run, edge, book, present, size));
        present = size;
      }
    }
    print(steps);
    return ExitCode.DONE;
  }

  private void check() {
    int before = 0;
    for (int size : sizes) {
      if (size - before <= Math.max(AddCodes.MAX_ANSWERED, 2 * ASSIGNS)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "--sizes must ascend by more than %,d codes a step.".formatted(2 * ASSIGNS));
      }
      before = size;
    }
  }

  private Step step(BenchRun run, EdgeClient edge, BookId book, int present, int size)
      throws SQLException, IOException {
    var request =
        edge.submit(
            "/coupons/codes",
            Map.of("bookId", book.value(), "generated", Map.of("amount", size - present)));
    var load = TimedLoad.follow(run.home(), FindJob.uuid(request));
    var assigns =
        new WorkerTransactions(run.home(), new Commands(run.home()))
            .run(ASSIGNS, i -> Commands.assign(book, size + i));
    try (var connection = OpsDatabase.connect(run.home(), "postgres")) {
      var lookUps = lookUps(run, book, connection);
      double read = readPerSecond(connection, book);
      return new Step(
          size,
          load.rowsPerSecond(),
          assigns.perSecond(WARM, ASSIGNS),
          lookUps.perSecond(),
          lookUps.millis(50),
          read,
          sweepMillis(run));
    }
  }

  private Latencies lookUps(BenchRun run, BookId book, Connection connection) throws SQLException {
    var codes = codes(connection, book);
    var headers = "Authorization: Bearer %s\r\nAccept: application/json\r\n".formatted(run.token());
    return new RepeatedRequests(
            run.home().ports().edge(),
            () ->
                RawConnection.request(
                    "GET",
                    "/coupons/%s/codes/%s"
                        .formatted(
                            book.value(),
                            codes.get(ThreadLocalRandom.current().nextInt(codes.size()))),
                    headers,
                    ""),
            200)
        .measure(CONNECTIONS, LOOK_UPS);
  }

  private static final String CODES =
      """
      SELECT c.code
      FROM generate_series(1, ?) AS sample (n),
        LATERAL (SELECT code
                 FROM coupon
                 WHERE book_id = ? AND state = 'free' AND pick >= sample.n * ?::bigint
                 ORDER BY pick
                 LIMIT 1) AS c
      """;

  /** Free codes from all over the book. */
  private static List<String> codes(Connection connection, BookId book) throws SQLException {
    var numbered = ByHand.numbered(connection, book);
    try (var select = connection.prepareStatement(CODES)) {
      select.setInt(1, LOOKED_UP);
      select.setInt(2, numbered.number());
      select.setInt(3, numbered.picks() / (LOOKED_UP + 1));
      var rows = select.executeQuery();
      var codes = new ArrayList<String>();
      while (rows.next()) {
        codes.add(rows.getString(1));
      }
      return codes;
    }
  }

  /** As an export reads them, in no order. */
  private static double readPerSecond(Connection connection, BookId book)
      throws SQLException, IOException {
    long began = System.nanoTime();
    long rows =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut(
                """
                COPY (SELECT code, state, expires_at, holder, assigned_at, redeemed_count
                      FROM coupon
                      WHERE book_id = %d) TO STDOUT
                """
                    .formatted(ByHand.numbered(connection, book).number()),
                OutputStream.nullOutputStream());
    return rows * 1e9 / (System.nanoTime() - began);
  }

  private static double sweepMillis(BenchRun run) throws SQLException {
    try (var connection = OpsDatabase.connect(run.home(), "coupon_sweep")) {
      connection.setAutoCommit(false);
      long began = System.nanoTime();
      Sweep.begin(connection);
      Sweep.freeExpiredLocks(connection, SWEPT);
      Sweep.voidExpiredCodes(connection, SWEPT);
      Sweep.foldCounts(connection, SWEPT);
      Sweep.dropOutcomes(connection, RETENTION, SWEPT);
      Sweep.dropForgotten(connection, RETENTION, SWEPT);
      Sweep.dropTries(connection, RETENTION, SWEPT);
      Sweep.dropRejects(connection, RETENTION, SWEPT);
      Sweep.dropAudit(connection, RETENTION, SWEPT);
      connection.commit();
      return (System.nanoTime() - began) / 1e6;
    }
  }

  private void print(List<Step> steps) {
    if (options.json) {
      var report = new LinkedHashMap<String, Object>();
      report.put("bench", "growth");
      report.put("steps", steps);
      Answer.json(report);
      return;
    }
    System.out.printf("%-26s", "codes in the book");
    steps.forEach(step -> System.out.printf("%,16d", step.codes()));
    System.out.println();
    line("generated, /s", steps, Step::generatedPerSecond);
    line("assigned, /s", steps, Step::assignsPerSecond);
    line("looked up over HTTP, /s", steps, Step::lookUpsPerSecond);
    line("looked up, p50 ms", steps, Step::lookUpP50);
    line("read as for an export, /s", steps, Step::readPerSecond);
    line("sweep with nothing due, ms", steps, Step::sweepMillis);
  }

  private static void line(String what, List<Step> steps, ToDoubleFunction<Step> figure) {
    System.out.printf("%-26s", what);
    steps.forEach(step -> System.out.printf(Locale.ROOT, "%,16.1f", figure.applyAsDouble(step)));
    System.out.println();
  }
}
