package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.Pause;
import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.StalePostmaster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Stops programs with SIGTERM, the local cloud last, and reports what it did. */
public final class StopPrograms {
  /**
   * An ingest process ends at its next chunk, within 20 s of being told; and after a build all JVMs
   * write their class archives at once.
   */
  private static final Duration GRACE = Duration.ofMinutes(1);

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
    running.forEach(p -> Home.process(directory, p).ifPresent(ProcessHandle::destroy));
    var deadline = Instant.now().plus(GRACE);
    for (var program : running) {
      awaitEnd(program, deadline);
    }
    programs.forEach(p -> new PidFile(directory.pidFile(p.title())).delete());
    return running;
  }

  private void awaitEnd(Program program, Instant deadline) {
    var process = Home.process(directory, program);
    while (process.isPresent() && process.get().isAlive()) {
      if (Instant.now().isAfter(deadline)) {
        process.get().destroyForcibly();
        progress.accept(
            "killed "
                + program.title()
                + ", which did not stop within "
                + GRACE.toSeconds()
                + " s");
        return;
      }
      Pause.millis(20);
    }
    progress.accept("stopped " + program.title());
  }
}
