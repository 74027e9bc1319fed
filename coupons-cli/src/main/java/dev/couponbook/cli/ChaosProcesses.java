package dev.couponbook.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The processes of a home of which some are killed, among them a second ingest process. */
final class ChaosProcesses implements AutoCloseable {
  private static final String SECOND = "ingest-batch-2";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Home home;
  private final Thread onCtrlC = new Thread(this::endSecond, "end-second");
  private @Nullable ProcessHandle second;

  ChaosProcesses(Home home) {
    this.home = home;
    Runtime.getRuntime().addShutdownHook(onCtrlC);
  }

  ProcessHandle first() {
    return home.process(Program.INGEST_BATCH).orElseThrow();
  }

  ProcessHandle second() {
    if (second == null) {
      throw new IllegalStateException("the second ingest process was not started");
    }
    return second;
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

  /** The other one. */
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

  static void kill(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  static void signal(ProcessHandle process, String signal) {
    try {
      int status =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      if (status != 0) {
        throw new IOException("it ended with " + status);
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "kill -" + signal + " failed (" + e + ").", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.DETACHED, "Interrupted.", e);
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
    if (second == null || !second.isAlive()) {
      startSecond();
    }
    first.join();
  }

  void startSecond() {
    var directory = home.directory();
    var ready = directory.readyFile(SECOND);
    var environment = Program.INGEST_BATCH.environment(directory, home.file());
    environment.put("COUPON_READY_FILE", ready.toString());
    try {
      Files.deleteIfExists(ready);
      second =
          BackgroundProcess.start(
              Program.INGEST_BATCH.commandLine(directory, home.file().terms()),
              environment,
              directory.logFile(SECOND));
      await(ready);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "A second ingest process cannot be started (" + e + ").", e);
    }
  }

  private void await(Path ready) {
    var deadline = Instant.now().plus(PATIENCE);
    while (!Files.exists(ready)) {
      if (!second().isAlive() || Instant.now().isAfter(deadline)) {
        throw new CommandFailure(
            ExitCode.FAILED,
            "The second ingest process was not ready; see "
                + home.directory().logFile(SECOND)
                + ".");
      }
      Pause.millis(50);
    }
  }

  List<ProcessHandle> both() {
    return List.of(first(), second());
  }

  private void endSecond() {
    if (second != null && second.isAlive()) {
      signal(second, "CONT"); // a frozen one would not see the end
      second.destroy();
    }
  }

  @Override
  public void close() {
    endSecond();
    Runtime.getRuntime().removeShutdownHook(onCtrlC);
    if (second != null) {
      second.onExit().join();
    }
  }
}
