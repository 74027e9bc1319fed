package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Pause;
import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.HomeFile;
import dev.couponbook.local.HomeTerms;
import dev.couponbook.local.Ports;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Starts what does not run and leaves the rest alone; returns when everything has answered that it
 * is ready. If a home that was down cannot be started, it is down again afterwards; in one of which
 * something ran, only a program that could not be started is stopped.
 */
public final class StartPrograms {
  private static final int POLL_MILLIS = 30;

  private final HomeDirectory directory;
  private final HomeTerms terms;
  private final Consumer<String> progress;
  private final List<StartProgram> starts = new ArrayList<>();
  private boolean wasDown;

  public StartPrograms(HomeDirectory directory, HomeTerms terms, Consumer<String> progress) {
    this.directory = directory;
    this.terms = terms;
    this.progress = progress;
  }

  /**
   * Starts the home, or repairs it.
   *
   * @throws CommandFailure if a program cannot be started, with its last words
   */
  public Home start() {
    refuseForeignDirectory();
    refuseMissingJars();
    directory.create();
    EphemeralPorts.ofThisMachine().warning(new Ports(terms.portBase())).ifPresent(progress);
    return whileLocked(() -> startAll(Optional.empty()));
  }

  /**
   * Stops one program and starts it again, with the settings that there are now; repairs the home
   * by the way.
   *
   * @throws CommandFailure if nothing of the home runs, or a program cannot be started
   */
  Home restart(Program program) {
    return whileLocked(() -> {
      if (wasDown) {
        throw new CommandFailure(
            ExitCode.UNREACHABLE,
            "The home in " + directory.root() + " is not running: start it with ./coupons up.");
      }
      refuseMissingJars();
      new StopPrograms(directory, progress).stop(List.of(program));
      return startAll(Optional.of(program));
    });
  }

  private Home whileLocked(Supplier<Home> work) {
    try (var lock =
        FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      var unused = lock.lock(); // a second start waits here, and then finds everything running
      refuseMove();
      wasDown = Stream.of(Program.values()).noneMatch(this::isRunning);
      var undo = new Thread(this::undo, "undo");
      Runtime.getRuntime().addShutdownHook(undo); // Ctrl-C
      try {
        var home = work.get();
        Runtime.getRuntime().removeShutdownHook(undo);
        return home;
      } catch (RuntimeException e) {
        undo();
        Runtime.getRuntime().removeShutdownHook(undo);
        throw e;
      }
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "The lock " + lockFile() + " cannot be taken (" + e.getMessage() + ").",
          e);
    }
  }

  private Home startAll(Optional<Program> stopped) {
    begin(Program.INFRA, stopped);
    awaitAll();
    var home = Home.existing(directory, terms.portBase());
    Program.USERS_OF_INFRA.forEach(program -> begin(program, stopped));
    awaitAll();
    return home;
  }

  private void begin(Program program, Optional<Program> stopped) {
    var environment =
        program == Program.INFRA
            ? program.environment(terms)
            : program.environment(directory, Home.existing(directory, terms.portBase()).file());
    starts.add(
        new StartProgram(
            directory,
            terms,
            program,
            environment,
            stopped.filter(program::equals).isPresent(),
            progress));
  }

  // Until one look at each finds all of them ready.
  private void awaitAll() {
    boolean ready;
    do {
      ready = true;
      for (var start : starts) {
        ready &= start.step();
      }
      if (!ready) {
        Pause.millis(POLL_MILLIS);
      }
    } while (!ready);
  }

  private boolean isRunning(Program program) {
    return Home.process(directory, program).isPresent();
  }

  // A directory of somebody's own would be closed to all others, and mixed with what a home makes.
  private void refuseForeignDirectory() {
    if (Files.exists(directory.homeFile()) || !Files.isDirectory(directory.root())) {
      return;
    }
    try (var entries = Files.list(directory.root())) {
      var foreign =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> !HomeDirectory.NAMES.contains(name))
              .sorted()
              .findFirst();
      if (foreign.isPresent()) {
        throw new CommandFailure(
            ExitCode.USAGE,
            directory.root()
                + " is no home of Couponbook, and it is not empty (it has "
                + foreign.get()
                + "): give a new directory with --data DIR.");
      }
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, directory.root() + " cannot be read (" + e.getMessage() + ").", e);
    }
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
    if (Stream.of(Program.values()).anyMatch(this::isRunning)) {
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

  private void undo() {
    var left =
        starts.stream()
            .filter(start -> wasDown ? start.hasStarted() : start.isUnfinished())
            .map(StartProgram::program)
            .toList();
    if (!left.isEmpty()) {
      new StopPrograms(directory, progress).stop(left);
    }
  }

  private Path lockFile() {
    return directory.run().resolve("up.lock");
  }
}
