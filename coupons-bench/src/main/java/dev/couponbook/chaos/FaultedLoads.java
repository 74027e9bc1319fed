package dev.couponbook.chaos;

import static dev.couponbook.cli.terminal.Ledger.check;

import dev.couponbook.bench.CodeFile;
import dev.couponbook.bench.Signals;
import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.home.Partners;
import dev.couponbook.cli.home.Program;
import dev.couponbook.cli.load.FindJob;
import dev.couponbook.cli.load.LoadReport;
import dev.couponbook.cli.load.UploadFile;
import dev.couponbook.cli.load.UploadFile.Wishes;
import dev.couponbook.cli.terminal.Ledger;
import dev.couponbook.cli.terminal.Pause;
import dev.couponbook.store.read.LoadState;
import dev.couponbook.store.read.ReadJobs;
import dev.couponbook.store.read.ReadJobs.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Loads under faults, each compared with the file that was loaded. */
final class FaultedLoads {
  /** Longer than the 60 s for which the queue keeps a part from others. */
  private static final Duration FROZEN = Duration.ofSeconds(75);

  /** After the last fault: parts of dead processes come back once, and the rest is loaded. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final int SHORTEST_PAUSE_MILLIS = 100;
  private static final int LONGEST_PAUSE_MILLIS = 2_000;
  private static final int POLL_MILLIS = 50;

  private final Home home;
  private final Processes processes;
  private final int rows;
  private final int kills;
  private final SplittableRandom random;
  private final @Nullable Path smallDisk;
  private int struck;
  private int seed = (int) (Instant.now().getEpochSecond() & 0xFFFFFFF) << 3;

  /**
   * @param smallDisk for the fault of a full disk
   */
  FaultedLoads(
      Home home,
      Processes processes,
      int rows,
      int kills,
      SplittableRandom random,
      @Nullable Path smallDisk) {
    this.smallDisk = smallDisk;
    this.home = home;
    this.processes = processes;
    this.rows = rows;
    this.kills = kills;
    this.random = random;
  }

  Ledger.Result survive(Fault fault) throws IOException, SQLException {
    return fault == Fault.ANY ? surviveKills() : surviveOnce(fault);
  }

  /** Loads one after the other, until the wanted number of kills has hit one. */
  private Ledger.Result surviveKills() throws IOException, SQLException {
    struck = 0;
    int loads = 0;
    for (; struck < kills; loads++) {
      surviveOnce(Fault.ANY);
    }
    return Ledger.Result.of(
        (long) loads * rows, "rows: %d kills in %d loads, each exact".formatted(struck, loads));
  }

  private Ledger.Result surviveOnce(Fault fault) throws IOException, SQLException {
    var csv = Files.createTempFile(home.directory().run(), "chaos-", ".csv");
    try {
      new CodeFile(seed++, rows, 3, 1).write(csv);
      return survive(fault, csv);
    } finally {
      Files.deleteIfExists(csv);
      processes.restore();
    }
  }

  private Ledger.Result survive(Fault fault, Path csv) throws IOException, SQLException {
    if (fault == Fault.DISK_FULL) {
      try (var disk = new SmallDisk(home, Objects.requireNonNull(smallDisk))) {
        var load = awaitMiddle(upload(csv));
        awaitFailure(disk, load);
        return judge(awaitEnd(load.id()), csv);
      }
    }
    var load = awaitMiddle(upload(csv));
    strike(fault, load);
    return judge(awaitEnd(load.id()), csv);
  }

  private void awaitFailure(SmallDisk disk, Job load) throws IOException {
    disk.fill();
    var deadline = Instant.now().plus(PATIENCE);
    var failure = lastFailure(load);
    for (; failure.isEmpty(); failure = lastFailure(load)) {
      check(Instant.now().isBefore(deadline), "the full disk was not noticed");
      Pause.millis(POLL_MILLIS);
    }
    disk.empty();
    check(failure.get().contains("No space left on device"), "it failed by " + failure.get());
  }

  private Optional<String> lastFailure(Job load) {
    return OpsDatabase.ask(home, connection -> ReadJobs.lastFailure(connection, load.number()));
  }

  private UUID upload(Path csv) throws IOException {
    var token = home.token(Partners.clientId(home, Partners.FIRST), Duration.ofHours(12));
    try (var edge = new EdgeClient(home.ports().edgeUrl(), token)) {
      var book = edge.command("/coupons", Map.of("bookName", "Chaos")).text("bookId");
      return FindJob.uuid(new UploadFile(edge).put(csv, book, Wishes.NONE));
    }
  }

  /** A moment at which between 5 and 50 percent are loaded. */
  private Job awaitMiddle(UUID id) throws SQLException {
    double percent = 5 + random.nextInt(45);
    var deadline = Instant.now().plus(PATIENCE);
    try (var connection = OpsDatabase.connect(home)) {
      while (true) {
        var load = ReadJobs.find(connection, id);
        if (load.isPresent() && load.get().progress().percent() >= percent) {
          return load.get();
        }
        check(Instant.now().isBefore(deadline), "the load does not begin");
        Pause.millis(POLL_MILLIS);
      }
    }
  }

  private void strike(Fault fault, Job struckLoad) {
    int load = struckLoad.number();
    switch (fault) {
      case NONE -> {}
      case LEADER -> Signals.kill(processes.leader(load));
      case HELPER -> Signals.kill(processes.helper(load));
      case BOTH -> processes.both().forEach(Signals::kill);
      case ANY -> killUntilOver(struckLoad.id());
      case FROZEN_HELPER -> freeze(processes.helper(load));
      case FROZEN_LEADER -> freeze(processes.leader(load));
      case POSTGRES -> {
        Signals.send(processes.postgres(), "QUIT");
        Signals.kill(home.process(Program.INFRA).orElseThrow());
      }
      case CLOUD -> Signals.kill(home.process(Program.INFRA).orElseThrow());
      case DISK_FULL -> throw new IllegalArgumentException("a full disk strikes before the load");
    }
    processes.restore();
  }

  private void killUntilOver(UUID id) {
    while (struck < kills && !isOver(id)) {
      switch (random.nextInt(3)) {
        case 0 -> Signals.kill(processes.first());
        case 1 -> Signals.kill(processes.second());
        default -> processes.both().forEach(Signals::kill);
      }
      struck++;
      processes.restore();
      Pause.millis(random.nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
    }
  }

  private boolean isOver(UUID id) {
    return OpsDatabase.ask(
        home, connection -> LoadReport.of(ReadJobs.find(connection, id).orElseThrow()).isOver());
  }

  private static void freeze(ProcessHandle process) {
    Signals.send(process, "STOP");
    try {
      Pause.millis(FROZEN.toMillis());
    } finally {
      Signals.send(process, "CONT");
    }
  }

  private Job awaitEnd(UUID id) throws SQLException {
    var deadline = Instant.now().plus(PATIENCE);
    try (var connection = OpsDatabase.connect(home)) {
      while (true) {
        var job = ReadJobs.find(connection, id).orElseThrow();
        var load = LoadReport.of(job);
        if (load.isOver()) {
          return job;
        }
        check(Instant.now().isBefore(deadline), "it hangs: " + load.line());
        Pause.millis(POLL_MILLIS);
      }
    }
  }

  /** What the file holds, counted from the file alone. */
  private record Reference(String[] codes, long duplicates, long bad) {
    private static final Pattern CODE = Pattern.compile("[!-~]{1,64}");

    static Reference of(Path csv) throws IOException {
      var lines = Files.readAllLines(csv, StandardCharsets.US_ASCII);
      var good = lines.stream().filter(CODE.asMatchPredicate()).sorted().toArray(String[]::new);
      var codes = Arrays.stream(good).distinct().toArray(String[]::new);
      return new Reference(codes, good.length - codes.length, lines.size() - good.length);
    }
  }

  private Ledger.Result judge(Job end, Path csv) throws IOException, SQLException {
    var reference = Reference.of(csv);
    var got = LoadReport.of(end).line();
    var counts = end.progress().rows();
    check(end.progress().state() == LoadState.COMPLETED_WITH_REJECTS, "ended as " + got);
    check(
        counts.read() == rows
            && counts.accepted() == reference.codes().length
            && counts.duplicate() == reference.duplicates()
            && counts.rejected() == reference.bad(),
        String.format(
            Locale.ROOT,
            "of %,d rows the file has %,d codes, %,d duplicates, %,d bad ones; got %s",
            rows,
            reference.codes().length,
            reference.duplicates(),
            reference.bad(),
            got));
    try (var connection = OpsDatabase.connect(home)) {
      compare(connection, end.number(), List.of(reference.codes()));
    }
    return Ledger.Result.of(
        rows,
        String.format(
            Locale.ROOT,
            "%,d accepted, %,d duplicate, %,d rejected, as in the file; the job took %.1f s",
            counts.accepted(),
            counts.duplicate(),
            counts.rejected(),
            end.elapsed().toMillis() / 1e3));
  }

  private static final String CODES =
      """
      SELECT code
      FROM coupon
      WHERE load_id = ? AND book_id = (SELECT book_id FROM code_load WHERE id = ?)
      ORDER BY code
      """;

  // The table's order of codes is that of their bytes, as String's is.
  private static void compare(Connection connection, int load, List<String> expected)
      throws SQLException {
    connection.setAutoCommit(false); // or all rows would be fetched at once
    try (var statement = connection.prepareStatement(CODES)) {
      statement.setFetchSize(10_000);
      statement.setInt(1, load);
      statement.setInt(2, load);
      var row = statement.executeQuery();
      for (var code : expected) {
        check(row.next() && row.getString(1).equals(code), code + " is not in the table");
      }
      check(!row.next(), "there is a code in the table that is not in the file");
    }
  }
}
