package dev.couponbook.bench;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much processor time the programs of a home have used since their starts, as Linux counts it,
 * in hundredths of a second; nothing on other systems, and no PostgreSQL where it is another's.
 *
 * @param byProgram in the order of the programs, PostgreSQL last
 */
record ProcessorTime(Map<String, Duration> byProgram) {
  static final String POSTGRESQL = "postgresql";

  private static final Path PROC = Path.of("/proc");
  private static final long MILLIS_OF_TICK = 10; // USER_HZ is 100 for every Linux program
  // Of the fields after the name, which is in brackets and may hold spaces; see proc(5).
  private static final int PARENT = 1;
  private static final int OWN = 11; // user and system
  private static final int ENDED_CHILDREN = 13; // the same

  static ProcessorTime now(Home home) {
    var times = new LinkedHashMap<String, Duration>();
    for (var program : Program.values()) {
      home.process(program)
          .flatMap(process -> fields(process.pid()))
          .ifPresent(fields -> times.put(program.title(), time(fields, OWN)));
    }
    postmaster(home).ifPresent(pid -> times.put(POSTGRESQL, postgresql(pid)));
    return new ProcessorTime(times);
  }

  ProcessorTime minus(ProcessorTime before) {
    var times = new LinkedHashMap<String, Duration>();
    byProgram.forEach((program, time) ->
        times.put(program, time.minus(before.byProgram.getOrDefault(program, Duration.ZERO))));
    return new ProcessorTime(times);
  }

  Duration total() {
    return byProgram.values().stream().reduce(Duration.ZERO, Duration::plus);
  }

  // Backends that end hand their time to the postmaster.
  private static Duration postgresql(long postmaster) {
    var time = Duration.ZERO;
    for (var process : processes()) {
      var fields = fields(process).orElse(List.of());
      if (process == postmaster && !fields.isEmpty()) {
        time = time.plus(time(fields, OWN)).plus(time(fields, ENDED_CHILDREN));
      } else if (!fields.isEmpty() && Long.parseLong(fields.get(PARENT)) == postmaster) {
        time = time.plus(time(fields, OWN));
      }
    }
    return time;
  }

  private static Optional<Long> postmaster(Home home) {
    var file = home.directory().postgres().resolve("postmaster.pid");
    try (var lines = Files.lines(file)) {
      return lines.findFirst().map(line -> Long.parseLong(line.strip()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<Long> processes() {
    var processes = new ArrayList<Long>();
    try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      entries.forEach(entry -> processes.add(Long.parseLong(entry.getFileName().toString())));
    } catch (IOException e) {
      return List.of();
    }
    return processes;
  }

  private static Optional<List<String>> fields(long process) {
    try {
      var line = Files.readString(PROC.resolve(Long.toString(process)).resolve("stat"));
      return Optional.of(List.of(line.substring(line.lastIndexOf(')') + 2).split(" ")));
    } catch (IOException e) {
      return Optional.empty(); // it has ended, or this is no Linux
    }
  }

  private static Duration time(List<String> fields, int first) {
    return Duration.ofMillis(
        MILLIS_OF_TICK
            * (Long.parseLong(fields.get(first)) + Long.parseLong(fields.get(first + 1))));
  }
}
