package dev.couponbook.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Whether a process still runs. A killed process stays in the table of processes until its parent
 * has asked how it ended, which the first process of some containers never does; {@link
 * ProcessHandle} calls such a process alive, and waits for it forever.
 */
public final class ProcessLife {
  private static final Path PROCESSES = Path.of("/proc");
  private static final boolean TOLD_BY_LINUX = Files.exists(PROCESSES.resolve("self/stat"));
  private static final long POLL_MILLIS = 10;

  // proc_pid_stat(5), counted behind the command's closing parenthesis.
  private static final int STATE = 0;
  private static final int THREADS = 17;

  private ProcessLife() {}

  /** Whether the process runs, or at least still holds what it had opened. */
  public static boolean isAlive(ProcessHandle process) {
    return process.isAlive() && !(TOLD_BY_LINUX && isZombie(process.pid()));
  }

  private static boolean isZombie(long pid) {
    try {
      return isZombie(Files.readString(PROCESSES.resolve(Long.toString(pid)).resolve("stat")));
    } catch (IOException e) {
      return true; // it has left the table since it was found there
    }
  }

  /**
   * @param stat the line of {@code /proc/PID/stat}
   */
  static boolean isZombie(String stat) {
    var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    return switch (fields[STATE]) {
      // While other threads than the first are ending, ports and locks may still be held.
      case "Z" -> Integer.parseInt(fields[THREADS]) <= 1;
      case "X", "x" -> true;
      default -> false;
    };
  }

  /**
   * Waits for the end of a process, whoever its parent is.
   *
   * @return whether it ended in time
   * @throws InterruptedException if this thread was interrupted while it waited
   */
  public static boolean awaitEnd(ProcessHandle process, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (isAlive(process)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }
}
