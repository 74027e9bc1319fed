package dev.couponbook.chaos;

import dev.couponbook.bench.BenchRun;
import dev.couponbook.bench.Commands;
import dev.couponbook.bench.DrainQueue;
import dev.couponbook.bench.ExtraProcess;
import dev.couponbook.bench.Signals;
import dev.couponbook.cli.home.CloudOptions;
import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.home.Program;
import dev.couponbook.cli.home.StartPrograms;
import dev.couponbook.cli.home.Up;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Ledger;
import dev.couponbook.cli.terminal.Pause;
import dev.couponbook.coupon.BookId;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "drain",
    description = {
      "Gives out a book to its last code by three workers, with some more commands than there are",
      "codes, in any order, many of them sent twice; deletes from the queue get lost. Every few",
      "seconds a worker or another program of the home is killed. Exit code 0 only if each code went",
      "out once. It starts the home if need be: give it one of its own with --data and --port-base."
    })
final class ChaosDrain implements Callable<Integer> {
  private static final int WORKERS = 3;
  private static final int LEAST = 2_000;
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int SLOWEST_PER_SECOND = 300;
  // Of so many kills one hits another program than a worker, each in its turn.
  private static final int OTHERS_ONE_IN = 3;

  @Mixin HomeOptions options = new HomeOptions();
  @Mixin CloudOptions cloud = new CloudOptions();

  @Option(
      names = "--codes",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Codes of the book (default ${DEFAULT-VALUE}).")
  int codes = 100_000;

  @Option(
      names = "--duplicates",
      paramLabel = "PERCENT",
      defaultValue = "30",
      description = "Commands that are sent a second time (default ${DEFAULT-VALUE}).")
  int duplicates = 30;

  @Option(
      names = "--lost-deletes",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description =
          "Deletes that the queue acknowledges and forgets, so that messages come again"
              + " (default ${DEFAULT-VALUE}).")
  int lostDeletes = 5;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "From one kill to the next (default ${DEFAULT-VALUE}).")
  int every = 5;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Repeats whom another run killed (default: random, and printed).")
  @Nullable Long seed;

  private final Map<String, Integer> kills = new TreeMap<>();

  @Override
  public Integer call() {
    if (codes < LEAST || every < 1) {
      throw new CommandFailure(
          ExitCode.USAGE, "--codes must be at least " + LEAST + ", --every at least 1.");
    }
    if (duplicates < 0 || duplicates > 100 || lostDeletes < 0 || lostDeletes > 50) {
      throw new CommandFailure(
          ExitCode.USAGE, "--duplicates must be from 0 to 100, --lost-deletes from 0 to 50.");
    }
    long chosen = seed == null ? new SplittableRandom().nextLong() >>> 32 : seed;
    var home = Up.bringUp(options, cloud);
    var ledger = new Ledger();
    ledger.step("drain", () -> drain(home, new SplittableRandom(chosen)));
    report(ledger, chosen);
    return ledger.allHeld() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private Ledger.Result drain(Home home, SplittableRandom random) {
    var run = BenchRun.begin(home, codes);
    try (var edge = run.edge()) {
      var book = Commands.book(run, edge, codes);
      var drain = new DrainQueue(home, new Commands(home));
      drain.stopWorker();
      int commands = codes + codes / 100;
      var began = drain.databaseTime();
      long first = System.nanoTime();
      int lost;
      try (var queue =
          new ForgetfulQueue(URI.create(home.file().sqsUrl()), lostDeletes, random.split())) {
        killUntilDone(home, drain, queue, began, book, commands, random);
        lost = queue.forgottenDeletes();
      }
      double seconds = (System.nanoTime() - first) / 1e9;
      judge(home, book, drain.done(began).refused());
      return Ledger.Result.total(
          codes,
          String.format(
              Locale.ROOT,
              "codes, each once to its user; %,d commands told that none was left; %,d sent twice,"
                  + " %,d deletes lost; killed in %.0f s: %s",
              commands - codes,
              commands * (long) duplicates / 100,
              lost,
              seconds,
              kills));
    } finally {
      new StartPrograms(home.directory(), home.file().terms(), _ -> {}).start();
    }
  }

  private void killUntilDone(
      Home home,
      DrainQueue drain,
      ForgetfulQueue queue,
      Instant began,
      BookId book,
      int commands,
      SplittableRandom random) {
    var workers = new ArrayList<ExtraProcess>();
    // The commands come while the workers are there: they would be done before the third is ready.
    try (var sender = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 1; i <= WORKERS; i++) {
        var worker =
            ExtraProcess.withQueue(home, Program.ASSIGN_WORKER, "assign-worker-" + i, queue.url());
        workers.add(worker);
        worker.start();
      }
      var ofSender = random.split();
      var sending = sender.submit(() -> send(home, drain, book, commands, ofSender));
      var deadline = Instant.now().plus(PATIENCE).plusSeconds(commands / SLOWEST_PER_SECOND);
      while (drain.done(began).all() < commands || !drain.isEmpty()) {
        Ledger.check(Instant.now().isBefore(deadline), "it hangs: " + drain.done(began));
        Pause.millis(every * 1_000L);
        killOne(home, workers, random);
      }
      sending.resultNow();
    } finally {
      workers.forEach(ExtraProcess::close);
    }
  }

  private void send(
      Home home, DrainQueue drain, BookId book, int commands, SplittableRandom random) {
    var all = new Commands(home);
    long ids = random.nextLong() & ~0xF000L | 0x4000L; // version 4 of a UUID
    drain.send(
        order(commands, random),
        i -> all.message(new UUID(ids, Long.MIN_VALUE | i), Commands.assign(book, i)));
  }

  /** The numbers of the commands in any order, some of them twice. */
  private int[] order(int commands, SplittableRandom random) {
    var order = new int[commands + (int) (commands * (long) duplicates / 100)];
    for (int i = 0; i < order.length; i++) {
      int number = i < commands ? i : random.nextInt(commands);
      int place = random.nextInt(i + 1);
      order[i] = order[place];
      order[place] = number;
    }
    return order;
  }

  private void killOne(Home home, List<ExtraProcess> workers, SplittableRandom random) {
    int turn = kills.values().stream().mapToInt(Integer::intValue).sum();
    if (turn % OTHERS_ONE_IN < OTHERS_ONE_IN - 1) {
      var victim = workers.get(random.nextInt(WORKERS));
      Signals.kill(victim.handle());
      victim.start();
      kills.merge("extra worker", 1, Integer::sum);
      return;
    }
    var programs = Program.values();
    var program = programs[turn / OTHERS_ONE_IN % programs.length];
    home.process(program).ifPresent(Signals::kill);
    kills.merge(program.title(), 1, Integer::sum);
    // The home's own worker comes back with it, and helps.
    new StartPrograms(home.directory(), home.file().terms(), _ -> {}).start();
  }

  private static final String GIVEN =
      """
      SELECT count(*), count(DISTINCT c.holder), count(DISTINCT o.request_id)
      FROM coupon c
      JOIN coupon_book b ON b.id = c.book_id
      LEFT JOIN coupon_audit a ON a.partner_id = c.partner_id AND a.code = c.code AND a.event = 'assigned'
      LEFT JOIN command_outcome o ON o.request_id = a.request_id AND o.status = 200 AND o.body->>'code' = c.code
      WHERE b.public_id = ? AND c.state = 'assigned'
      """;

  /** Rows are more than codes if one was given twice, fewer requests if one was not answered. */
  private void judge(Home home, BookId book, int refused) {
    var given = OpsDatabase.ask(home, connection -> given(connection, book));
    Ledger.check(
        given.equals(List.of(codes, codes, codes)) && refused == codes / 100,
        "of %,d codes: assigned, to users, by answered requests: %s; refused: %,d"
            .formatted(codes, given, refused));
    OpsDatabase.judge(home);
  }

  private static List<Integer> given(Connection connection, BookId book) throws SQLException {
    try (var select = connection.prepareStatement(GIVEN)) {
      select.setObject(1, book.value());
      var row = select.executeQuery();
      row.next();
      return List.of(row.getInt(1), row.getInt(2), row.getInt(3));
    }
  }

  private void report(Ledger ledger, long chosen) {
    if (options.json) {
      var answer = new LinkedHashMap<String, Object>();
      answer.put("chaos", "drain");
      answer.put("seed", chosen);
      answer.put("codes", codes);
      answer.put("kills", kills);
      answer.put("ok", ledger.allHeld());
      answer.put("steps", ledger.json());
      Answer.json(answer);
    } else {
      ledger.print();
      System.out.println("seed " + chosen);
    }
  }
}
