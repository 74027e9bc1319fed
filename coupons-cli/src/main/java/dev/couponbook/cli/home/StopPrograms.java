package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.Pause;
import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.StalePostmaster;
import dev.couponbook.program.ProcessLife;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/** Stops programs with SIGTERM, the local cloud last, and reports what it did. */
public final class StopPrograms {
  /**
   * An ingest process ends at its next chunk, within 20 s of being told; and after a build all JVMs
   * write their class archives at once.
   */
  private static final Duration GRACE = Duration.ofMinutes(1);

  /** A process that does not even answer, perhaps frozen, will hardly end in order. */
  private static final Duration GRACE_OF_THE_SILENT = Duration.ofSeconds(5);

  private final HomeDirectory directory;
  private final Consumer<String> progress;

  public StopPrograms(HomeDirectory directory, Consumer<String> progress) {
    this.directory = directory;
    this.progress = progress;
  }

  /**
   * @return the programs that ran
   */
  public List<Program> stop(List<Program> programs) {
    var stopped = new ArrayList<Program>();
    stopped.addAll(terminate(programs.stream().filter(p -> p != Program.INFRA).toList()));
    if (programs.contains(Program.INFRA)) {
      stopped.addAll(terminate(List.of(Program.INFRA)));
      StalePostmaster.stop(directory.postgres())
          .ifPresent(
              pid -> progress.accept("stopped PostgreSQL " + pid + ", left by a killed infra"));
    }
    return stopped;
  }

  private List<Program> terminate(List<Program> programs) {
    var running = programs.stream().filter(p -> Home.process(directory, p).isPresent()).toList();
    var graces = new LinkedHashMap<Program, Duration>();
    for (var program : running) {
      graces.put(program, grace(program));
      Home.process(directory, program).ifPresent(ProcessHandle::destroy);
    }
    var told = Instant.now();
    graces.forEach((program, grace) -> awaitEnd(program, told, grace));
    programs.forEach(p -> new PidFile(directory.pidFile(p.title())).delete());
    return running;
  }

  private Duration grace(Program program) {
    return ProgramLook.at(directory, program).state() == ProgramState.SILENT
        ? GRACE_OF_THE_SILENT
        : GRACE;
  }

  private void awaitEnd(Program program, Instant told, Duration grace) {
    var deadline = told.plus(grace);
    var process = Home.process(directory, program);
    while (process.isPresent() && ProcessLife.isAlive(process.get())) {
      if (Instant.now().isAfter(deadline)) {
        kill(program, process.get(), grace);
        return;
      }
      Pause.millis(20);
    }
    progress.accept("stopped " + program.title());
  }

  private void kill(Program program, ProcessHandle process, Duration grace) {
    process.destroyForcibly();
    try {
      ProcessLife.awaitEnd(process, GRACE_OF_THE_SILENT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    progress.accept(
        "killed " + program.title() + ", which did not stop within " + grace.toSeconds() + " s");
  }
}
