package dev.couponbook.bench;

import dev.couponbook.cli.home.BackgroundProcess;
import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.Program;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Pause;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One more process of one of a home's programs. It ends when this program does, at the latest. */
public final class ExtraProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Home home;
  private final Program program;
  private final String name;
  private final Thread onCtrlC = new Thread(this::end, "end-extra");
  private @Nullable ProcessHandle process;

  /**
   * @param name of its log and its ready file; no other process's
   */
  public ExtraProcess(Home home, Program program, String name) {
    this.home = home;
    this.program = program;
    this.name = name;
    Runtime.getRuntime().addShutdownHook(onCtrlC);
  }

  public ProcessHandle handle() {
    if (process == null) {
      throw new IllegalStateException(name + " was not started");
    }
    return process;
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Starts it, for the first time or again, and waits until it is ready. */
  public void start() {
    var ready = home.directory().readyFile(name);
    var environment = program.environment(home.directory(), home.file());
    environment.put("COUPON_READY_FILE", ready.toString());
    environment.keySet().removeIf(setting -> setting.endsWith("_METRICS_PORT")); // the first has it
    environment.replace("COUPON_EDGE_PORT", "0"); // any free port
    try {
      Files.deleteIfExists(ready);
      process =
          BackgroundProcess.start(
              program.commandLine(home.directory(), home.file().terms()),
              environment,
              home.directory().logFile(name));
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, name + " cannot be started (" + e + ").", e);
    }
    var deadline = Instant.now().plus(PATIENCE);
    while (!Files.exists(ready)) {
      if (!isAlive() || Instant.now().isAfter(deadline)) {
        throw new CommandFailure(
            ExitCode.FAILED, name + " was not ready; see " + home.directory().logFile(name) + ".");
      }
      Pause.millis(50);
    }
  }

  private void end() {
    if (process != null && process.isAlive()) {
      Signals.send(process, "CONT"); // a frozen one would not see the SIGTERM
      process.destroy();
    }
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(onCtrlC);
    if (process != null) {
      process.onExit().join();
    }
  }
}
