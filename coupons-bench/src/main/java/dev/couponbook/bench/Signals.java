package dev.couponbook.bench;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import java.io.IOException;

/** Signals to a process. */
public final class Signals {
  private Signals() {}

  /** Ends a process as kill -9 does, and waits until it is gone. */
  public static void kill(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  /**
   * @param signal by its name, without SIG
   */
  public static void send(ProcessHandle process, String signal) {
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
}
