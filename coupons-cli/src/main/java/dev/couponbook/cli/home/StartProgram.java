package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.Durations;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.HomeTerms;
import dev.couponbook.local.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The way of one program to being ready. Each step looks at it once, starts it if it is dead, and
 * starts it again if it only met the last of the one before it, whose ports and locks are free a
 * moment after its end.
 */
final class StartProgram {
  // A program that exits is noticed at once; this is for one that hangs. Five JVMs that started
  // beside a build on both cores took over a minute.
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  // A program that runs is never killed unasked: it may only be slow, or stand in a debugger.
  private static final Duration PATIENCE_WITH_SILENCE = Duration.ofSeconds(30);
  // The kernel is slow to end a process only on a machine that is very busy.
  private static final Duration LAST_OF_PREDECESSOR = Duration.ofSeconds(20);
  private static final int TRIES = 5;
  private static final Duration PAUSE_BETWEEN_TRIES = Duration.ofMillis(200);

  private final HomeDirectory directory;
  private final HomeTerms terms;
  private final Program program;
  private final Map<String, String> environment;
  private final Consumer<String> progress;
  private final Instant began = Instant.now();

  private boolean afterAnother;
  private boolean ready;
  private int tries;
  private Instant lastTry = Instant.EPOCH;
  private long logStart;

  /**
   * @param afterAnother whether a process of this program has just been stopped
   */
  StartProgram(
      HomeDirectory directory,
      HomeTerms terms,
      Program program,
      Map<String, String> environment,
      boolean afterAnother,
      Consumer<String> progress) {
    this.directory = directory;
    this.terms = terms;
    this.program = program;
    this.environment = environment;
    this.afterAnother = afterAnother;
    this.progress = progress;
  }

  Program program() {
    return program;
  }

  /** Whether this has started a process that has not become ready. */
  boolean isUnfinished() {
    return tries > 0 && !ready;
  }

  boolean hasStarted() {
    return tries > 0;
  }

  /**
   * Takes one step; returns whether the program is ready now, as one that was may have died since.
   *
   * @throws CommandFailure if there is no hope that it will be
   */
  boolean step() {
    var look = ProgramLook.at(directory, program);
    boolean wasReady = ready;
    ready = look.isReady();
    switch (look.state()) {
      case READY -> {
        if (!wasReady) {
          progress.accept(program.title() + " is ready");
        }
      }
      case KILLED, ENDED -> {
        afterAnother |= tries == 0;
        startAgain(look);
      }
      case STOPPED -> startAgain(look);
      case LACKING -> mend(look);
      case STARTING -> giveUpAfter(PATIENCE, look);
      case SILENT -> giveUpAfter(tries == 0 ? PATIENCE_WITH_SILENCE : PATIENCE, look);
    }
    return ready;
  }

  // Only the local cloud cannot get back what it lacks: a server that died in or beside its JVM.
  private void mend(ProgramLook look) {
    if (program != Program.INFRA || tries >= TRIES) {
      giveUpAfter(PATIENCE, look);
      return;
    }
    progress.accept(
        program.title() + " has lost its " + String.join(", ", look.missing()) + ": stopping it");
    new StopPrograms(directory, progress).stop(List.of(program));
    afterAnother = true;
  }

  private void startAgain(ProgramLook look) {
    boolean mayMeetPredecessor =
        afterAnother && Duration.between(began, Instant.now()).compareTo(LAST_OF_PREDECESSOR) < 0;
    if (tries > 0 && !(mayMeetPredecessor && tries < TRIES)) {
      throw new CommandFailure(
          ExitCode.FAILED, program.title() + " ended while it was starting:\n" + lastWords());
    }
    if (lastTry.plus(PAUSE_BETWEEN_TRIES).isAfter(Instant.now())) {
      return;
    }
    var ports = new Ports(terms.portBase());
    if (program == Program.API_EDGE && isTaken(ports.edge())) {
      if (mayMeetPredecessor) {
        return;
      }
      throw new CommandFailure(
          ExitCode.FAILED,
          "Port %d is in use by another program: stop it, or give another range of ten ports with --port-base N (now %d)."
              .formatted(ports.edge(), ports.base()));
    }
    progress.accept(reason(look));
    launch();
    warnOfTakenMetricsPort(ports);
  }

  private String reason(ProgramLook look) {
    var title = program.title();
    if (tries > 0) {
      return title + " has met the last of the one before it: starting it again";
    }
    return switch (look.state()) {
      case KILLED -> title + " was killed" + ago(look) + ": starting it again";
      case ENDED -> title + " has ended: starting it again";
      case STOPPED, STARTING, SILENT, LACKING, READY -> "starting " + title;
    };
  }

  private static String ago(ProgramLook look) {
    return look.lastSign() == null
        ? ""
        : " " + Durations.text(Duration.between(look.lastSign(), Instant.now())) + " ago";
  }

  private void launch() {
    try {
      Files.deleteIfExists(directory.readyFile(program.title()));
      var log = directory.logFile(program.title());
      logStart = Files.exists(log) ? Files.size(log) : 0;
      tries++;
      lastTry = Instant.now();
      var process =
          BackgroundProcess.start(program.commandLine(directory, terms), environment, log);
      new PidFile(directory.pidFile(program.title())).write(process);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, program.title() + " cannot be started (" + e.getMessage() + ").", e);
    }
  }

  private void warnOfTakenMetricsPort(Ports ports) {
    program
        .metricsPort(ports)
        .filter(StartProgram::isTaken)
        .ifPresent(port ->
            progress.accept(
                "warning: port "
                    + port
                    + " is in use by another program, so "
                    + program.title()
                    + " may serve no metrics"));
  }

  private static boolean isTaken(int port) {
    try (var socket = new ServerSocket()) {
      // As the servers do; without it, a connection of the last run would count as a server.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1);
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private void giveUpAfter(Duration patience, ProgramLook look) {
    var since = tries == 0 ? began : lastTry;
    if (Duration.between(since, Instant.now()).compareTo(patience) < 0) {
      return;
    }
    if (tries == 0 && look.process() != null) {
      throw new CommandFailure(
          ExitCode.WAIT_TIMED_OUT,
          "%s (process %d) runs, but %s: ./coupons restart %s starts it anew; its log is %s."
              .formatted(
                  program.title(),
                  look.process().pid(),
                  look.missing().isEmpty()
                      ? "does not answer"
                      : "lacks " + String.join(", ", look.missing()),
                  program.title(),
                  directory.logFile(program.title())));
    }
    throw new CommandFailure(
        ExitCode.WAIT_TIMED_OUT,
        program.title() + " was not ready within " + patience.toSeconds() + " s:\n" + lastWords());
  }

  private String lastWords() {
    var log = directory.logFile(program.title());
    return LogTail.lastWords(log, logStart, 15) + "(more in " + log + ")";
  }
}
