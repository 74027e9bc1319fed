package dev.couponbook.local;

import dev.couponbook.program.ProcessLife;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A PostgreSQL server outlives a JVM that is killed. It must not be taken over: it runs with the
 * settings of its own start, and a start on another port would wait for it in vain.
 */
public final class StalePostmaster {
  private static final Duration FAST_STOP = Duration.ofSeconds(20);

  private StalePostmaster() {}

  /**
   * Stops the server that still runs on this data directory, if there is one, as {@code pg_ctl stop
   * -m fast} would.
   *
   * @return its process id
   */
  public static Optional<Long> stop(Path dataDirectory) {
    var server = runningOn(dataDirectory);
    server.ifPresent(s -> stop(s, dataDirectory));
    return server.map(ProcessHandle::pid);
  }

  private static Optional<ProcessHandle> runningOn(Path dataDirectory) {
    var pidFile = dataDirectory.resolve("postmaster.pid");
    try {
      if (!Files.exists(pidFile)) {
        return Optional.empty();
      }
      long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
      return ProcessHandle.of(pid).filter(p -> serves(p, dataDirectory));
    } catch (IOException | NumberFormatException e) {
      throw new HomeException(pidFile + " cannot be read (" + e + "): remove it and try again.", e);
    }
  }

  // By now the process id may belong to something else; only a server of this directory is
  // stopped.
  private static boolean serves(ProcessHandle process, Path dataDirectory) {
    return process
        .info()
        .commandLine()
        .filter(line -> line.contains("postgres") && line.contains(dataDirectory.toString()))
        .isPresent();
  }

  private static void stop(ProcessHandle server, Path dataDirectory) {
    try {
      // "fast": running statements are cancelled, everything is written.
      signal("INT", server);
      if (ProcessLife.awaitEnd(server, FAST_STOP)) {
        return;
      }
      // "immediate": the next start replays the log.
      signal("QUIT", server);
      if (!ProcessLife.awaitEnd(server, FAST_STOP)) {
        throw new IOException("it does not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HomeException("Interrupted while an old PostgreSQL was being stopped.", e);
    } catch (IOException e) {
      throw new HomeException(
          "A PostgreSQL server of an earlier run (process "
              + server.pid()
              + ") still runs on "
              + dataDirectory
              + " ("
              + e.getMessage()
              + "): stop it and try again.",
          e);
    }
  }

  // Java can send only TERM and KILL.
  private static void signal(String name, ProcessHandle process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }
}
