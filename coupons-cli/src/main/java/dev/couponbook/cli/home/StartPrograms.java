package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Pause;
import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.HomeFile;
import dev.couponbook.local.HomeTerms;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Starts what is not running and leaves the rest alone; returns when everything is ready. If that
 * fails, it stops again what it started.
 */
public final class StartPrograms {
  // A program that exits is noticed at once; this is for one that hangs. Five JVMs that started
  // beside a build on both cores took over a minute.
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long LOG_LIMIT_BYTES = 20 << 20;

  private final HomeDirectory directory;
  private final HomeTerms terms;
  private final Consumer<String> progress;
  private final List<Program> begun = new ArrayList<>();
  private final Map<Program, Long> logStarts = new LinkedHashMap<>();

  public StartPrograms(HomeDirectory directory, HomeTerms terms, Consumer<String> progress) {
    this.directory = directory;
    this.terms = terms;
    this.progress = progress;
  }

  public Home start() {
    refuseMissingJars();
    directory.create();
    try (var lock =
        FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      var unused = lock.lock(); // a second start waits here, and then finds everything running
      refuseMove();
      var undo = new Thread(this::undo, "undo");
      Runtime.getRuntime().addShutdownHook(undo); // Ctrl-C
      try {
        var home = startAll();
        Runtime.getRuntime().removeShutdownHook(undo);
        return home;
      } catch (RuntimeException e) {
        undo();
        Runtime.getRuntime().removeShutdownHook(undo);
        throw e;
      }
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "The lock " + lockFile() + " cannot be taken (" + e + ").", e);
    }
  }

  private Home startAll() {
    if (!running(Program.INFRA)) {
      launch(Program.INFRA, Program.INFRA.environment(terms));
    }
    await(Program.INFRA, () -> Files.exists(directory.readyFile(Program.INFRA.title())));
    var home = Home.existing(directory, terms.portBase());
    for (var program : Program.USERS_OF_INFRA) {
      if (!running(program)) {
        launch(program, program.environment(directory, home.file()));
      }
    }
    for (var program : Program.USERS_OF_INFRA) {
      await(program, () -> home.isReady(program));
    }
    return home;
  }

  private boolean running(Program program) {
    return Home.process(directory, program).isPresent();
  }

  private void refuseMissingJars() {
    for (var program : Program.values()) {
      if (!Files.exists(program.jar())) {
        throw new CommandFailure(
            ExitCode.FAILED, program.jar() + " is missing: build with ./mvnw -DskipTests package.");
      }
    }
  }

  // Running programs keep the ports that they were started with.
  private void refuseMove() {
    int known = HomeFile.read(directory).map(HomeFile::portBase).orElse(terms.portBase());
    if (known == terms.portBase()) {
      return;
    }
    for (var program : Program.values()) {
      if (running(program)) {
        throw new CommandFailure(
            ExitCode.REFUSED,
            "The home in "
                + directory.root()
                + " runs at port base "
                + known
                + ": stop it with ./coupons down before it moves to "
                + terms.portBase()
                + ".");
      }
    }
  }

  private void launch(Program program, Map<String, String> environment) {
    progress.accept("starting " + program.title());
    try {
      Files.deleteIfExists(directory.readyFile(program.title()));
      var log = directory.logFile(program.title());
      logStarts.put(program, rolled(log));
      var process =
          BackgroundProcess.start(program.commandLine(directory, terms), environment, log);
      new PidFile(directory.pidFile(program.title())).write(process);
      begun.add(program);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, program.title() + " cannot be started (" + e + ").", e);
    }
  }

  private static long rolled(Path log) throws IOException {
    long size = Files.exists(log) ? Files.size(log) : 0;
    if (size < LOG_LIMIT_BYTES) {
      return size;
    }
    Files.move(
        log, log.resolveSibling(log.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
    return 0;
  }

  private void await(Program program, BooleanSupplier ready) {
    var deadline = Instant.now().plus(PATIENCE);
    while (!ready.getAsBoolean()) {
      if (!running(program)) {
        throw new CommandFailure(
            ExitCode.FAILED,
            program.title() + " ended while it was starting:\n" + lastWords(program));
      }
      if (Instant.now().isAfter(deadline)) {
        throw new CommandFailure(
            ExitCode.WAIT_TIMED_OUT,
            program.title()
                + " was not ready within "
                + PATIENCE.toSeconds()
                + " s:\n"
                + lastWords(program));
      }
      Pause.millis(50);
    }
    progress.accept(program.title() + " is ready");
  }

  private String lastWords(Program program) {
    var log = directory.logFile(program.title());
    return LogTail.lastWords(log, logStarts.getOrDefault(program, 0L), 15)
        + "(more in "
        + log
        + ")";
  }

  private void undo() {
    if (!begun.isEmpty()) {
      new StopPrograms(directory, progress).stop(begun);
    }
  }

  private Path lockFile() {
    return directory.run().resolve("up.lock");
  }
}
