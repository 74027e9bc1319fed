package dev.couponbook.cli.home;

import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.HomeFile;
import dev.couponbook.program.ReadyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one look at a program showed. Only an answer of the program itself makes it ready: the files
 * of a killed one are still there.
 *
 * @param process null if there is none
 * @param lastSign when it last showed that it lives, to the second; null if that is not known
 * @param missing what it lacks, if it answered
 */
record ProgramLook(
    Program program,
    ProgramState state,
    @Nullable ProcessHandle process,
    @Nullable Instant lastSign,
    List<String> missing) {

  /** Looks at a program of this home; takes at most a few seconds. */
  static ProgramLook at(HomeDirectory directory, Program program) {
    var pidFile = new PidFile(directory.pidFile(program.title()));
    var readyFile = directory.readyFile(program.title());
    var process = pidFile.process();
    if (process.isEmpty()) {
      return withoutProcess(program, pidFile, lastSign(readyFile));
    }
    var answer = ask(readyFile, process.get());
    if (answer.isEmpty()) {
      return withoutAnswer(program, process.get(), readyFile);
    }
    var missing = answer.get().missing();
    if (program == Program.API_EDGE && missing.isEmpty()) {
      // Its port for partners must answer, too.
      var missingToEdge =
          HomeFile.read(directory).flatMap(file -> EdgeHealth.missing(file.ports()));
      if (missingToEdge.isEmpty()) {
        return withoutAnswer(program, process.get(), readyFile);
      }
      missing = missingToEdge.get();
    }
    return new ProgramLook(
        program,
        missing.isEmpty() ? ProgramState.READY : ProgramState.LACKING,
        process.get(),
        lastSign(readyFile),
        missing);
  }

  // A program that ends in order takes its ready file away.
  private static ProgramLook withoutProcess(
      Program program, PidFile pidFile, @Nullable Instant lastSign) {
    var state = lastSign == null ? ProgramState.ENDED : ProgramState.KILLED;
    return pidFile.exists()
        ? new ProgramLook(program, state, null, lastSign, List.of())
        : new ProgramLook(program, ProgramState.STOPPED, null, null, List.of());
  }

  private static Optional<ReadyFile.Answer> ask(Path readyFile, ProcessHandle process) {
    return ReadyFile.ask(readyFile).filter(answer -> answer.pid() == process.pid());
  }

  private static ProgramLook withoutAnswer(Program program, ProcessHandle process, Path readyFile) {
    var lastSign = lastSign(readyFile);
    var state = lastSign == null ? ProgramState.STARTING : ProgramState.SILENT;
    return new ProgramLook(program, state, process, lastSign, List.of());
  }

  private static @Nullable Instant lastSign(Path readyFile) {
    try {
      return Files.getLastModifiedTime(readyFile).toInstant();
    } catch (IOException e) {
      return null; // it was never ready, or has ended in order
    }
  }

  boolean isReady() {
    return state == ProgramState.READY;
  }
}
