package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.program.ProcessLife;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The process of a program. The file has the process's start time beside its number, so that a
 * later process with the same number is never mistaken for it and killed.
 */
record PidFile(Path path) {
  /** Start times come in hundredths of a second, and two readings may round differently. */
  private static final Duration ROUNDING = Duration.ofSeconds(2);

  void write(ProcessHandle process) {
    try {
      Files.writeString(path, process.pid() + " " + startOf(process).toEpochMilli() + "\n");
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "The pid file " + path + " cannot be written (" + e + ").", e);
    }
  }

  /** The process, if it still runs. */
  Optional<ProcessHandle> process() {
    try {
      var words = Files.readString(path).strip().split(" ");
      var started = Instant.ofEpochMilli(Long.parseLong(words[1]));
      return ProcessHandle.of(Long.parseLong(words[0]))
          .filter(ProcessLife::isAlive)
          .filter(p -> Duration.between(started, startOf(p)).abs().compareTo(ROUNDING) <= 0);
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty(); // no file, or a torn one: it names no process that we may touch
    }
  }

  /** Whether a process was started, and not stopped since. */
  boolean exists() {
    return Files.exists(path);
  }

  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "The pid file " + path + " cannot be removed (" + e + ").", e);
    }
  }

  // A process without a start time, perhaps another user's, counts as started at the epoch.
  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }
}
