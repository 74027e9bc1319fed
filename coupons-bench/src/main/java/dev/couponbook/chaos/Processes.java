package dev.couponbook.chaos;

import dev.couponbook.bench.ExtraProcess;
import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.home.Program;
import dev.couponbook.cli.home.StartPrograms;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The processes of a home of which some are killed, among them a second ingest process. */
final class Processes implements AutoCloseable {
  private static final String SECOND = "ingest-batch-2";

  private final Home home;
  private final ExtraProcess second;

  Processes(Home home) {
    this.home = home;
    this.second = new ExtraProcess(home, Program.INGEST_BATCH, SECOND);
  }

  ProcessHandle first() {
    return home.process(Program.INGEST_BATCH).orElseThrow();
  }

  ProcessHandle second() {
    return second.handle();
  }

  // The connection that holds the lease of a load says whose it is.
  private static final String LEADER =
      """
      SELECT substring(a.application_name FROM 'pid (\\d+)$')::bigint
      FROM pg_locks l
      JOIN pg_stat_activity a USING (pid)
      WHERE l.locktype = 'advisory' AND l.objid = ? AND l.granted
        AND a.usename = 'coupon_ingest'
      """;

  /** The process that leads a load. */
  ProcessHandle leader(int load) {
    long leader = pidOfLeader(load);
    return both().stream().filter(p -> p.pid() == leader).findAny().orElseThrow();
  }

  /** The process that only works for it. */
  ProcessHandle helper(int load) {
    long leader = pidOfLeader(load);
    return both().stream().filter(p -> p.pid() != leader).findAny().orElseThrow();
  }

  private long pidOfLeader(int load) {
    try (var connection = OpsDatabase.connect(home, "postgres");
        var statement = connection.prepareStatement(LEADER)) {
      statement.setInt(1, load);
      var row = statement.executeQuery();
      Ledger.check(row.next(), "nobody leads load " + load);
      return row.getLong(1);
    } catch (SQLException e) {
      throw new CommandFailure(ExitCode.FAILED, "The leader is unknown: " + e.getMessage(), e);
    }
  }

  /** PostgreSQL, which the local cloud has started. */
  ProcessHandle postgres() {
    try {
      var lines = Files.readAllLines(home.directory().postgres().resolve("postmaster.pid"));
      return ProcessHandle.of(Long.parseLong(lines.getFirst())).orElseThrow();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "PostgreSQL was not found (" + e + ").", e);
    }
  }

  /** Starts again whatever is missing. */
  void restore() {
    var first =
        CompletableFuture.runAsync(
            () -> new StartPrograms(home.directory(), home.file().terms(), line -> {}).start());
    if (!second.isAlive()) {
      second.start();
    }
    first.join();
  }

  void startSecond() {
    second.start();
  }

  List<ProcessHandle> both() {
    return List.of(first(), second());
  }

  @Override
  public void close() {
    second.close();
  }
}
