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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One more process beside those of a home. It ends when this program does, at the latest. */
public final class ExtraProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Home home;
  private final String name;
  private final List<String> commandLine;
  private final Map<String, String> environment;
  private final Thread onCtrlC = new Thread(this::end, "end-extra");
  private @Nullable ProcessHandle process;

  /**
   * @param name of its log and its ready file; no other process's
   */
  public ExtraProcess(Home home, Program program, String name) {
    this(
        home,
        name,
        program.commandLine(home.directory(), home.file().terms()),
        environment(home, program));
  }

  /**
   * One more of the home's programs that finds the queue elsewhere.
   *
   * @param name as above
   */
  public static ExtraProcess withQueue(Home home, Program program, String name, String queueUrl) {
    var environment = environment(home, program);
    environment.put("AWS_ENDPOINT_URL_SQS", queueUrl);
    return new ExtraProcess(
        home, name, program.commandLine(home.directory(), home.file().terms()), environment);
  }

  /**
   * A program that is none of the home's.
   *
   * @param name as above
   */
  ExtraProcess(Home home, String name, List<String> commandLine, Map<String, String> environment) {
    this.home = home;
    this.name = name;
    this.commandLine = List.copyOf(commandLine);
    this.environment = new LinkedHashMap<>(environment);
    this.environment.put("COUPON_READY_FILE", home.directory().readyFile(name).toString());
    Runtime.getRuntime().addShutdownHook(onCtrlC);
  }

  private static Map<String, String> environment(Home home, Program program) {
    var environment = program.environment(home.directory(), home.file());
    environment.keySet().removeIf(setting -> setting.endsWith("_METRICS_PORT")); // the first has it
    environment.replace("COUPON_EDGE_PORT", "0"); // any free port
    return environment;
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
    try {
      Files.deleteIfExists(ready);
      process = BackgroundProcess.start(commandLine, environment, home.directory().logFile(name));
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
