package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.Durations;
import dev.couponbook.cli.terminal.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    description = {
      "Shows what is running, by asking each program, and how full the disk is.",
      "Exit code 0 if everything is ready, 6 if not."
    })
public final class Status implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Override
  public Integer call() {
    var home = options.home();
    var looks = home.look();
    var disk = DiskReport.of(home.directory());
    if (options.json) {
      var state = home.state(looks);
      state.put("disk", disk.json());
      Answer.json(state);
    } else {
      print(home, looks, disk);
    }
    boolean ready = looks.stream().allMatch(ProgramLook::isReady);
    return ready && disk.canWrite() ? ExitCode.DONE : ExitCode.UNREACHABLE;
  }

  private static void print(Home home, List<ProgramLook> looks, DiskReport disk) {
    System.out.printf("%-14s %8s  %s%n", "program", "pid", "state");
    for (var look : looks) {
      System.out.printf(
          "%-14s %8s  %s%n",
          look.program().title(),
          look.process() == null ? "-" : Long.toString(look.process().pid()),
          state(look));
    }
    System.out.println();
    home.metricsLines().forEach(System.out::println);
    System.out.println("disk     " + disk.line());
    System.out.println("API      " + home.ports().edgeUrl());
    System.out.println("data     " + home.directory().root());
  }

  private static String state(ProgramLook look) {
    var state = look.state().text();
    return switch (look.state()) {
      case READY, STARTING ->
          state
              + Optional.ofNullable(look.process())
                  .flatMap(process -> process.info().startInstant())
                  .map(start -> ", up " + age(start))
                  .orElse("");
      case LACKING -> state + ", lacks " + String.join(", ", look.missing());
      case SILENT -> state + since(" since ", look.lastSign());
      case KILLED -> state + since(", last seen ", look.lastSign());
      case ENDED -> state + ", see its log";
      case STOPPED -> state;
    };
  }

  private static String since(String words, @Nullable Instant time) {
    return time == null ? "" : words + age(time) + " ago";
  }

  private static String age(Instant start) {
    return Durations.text(Duration.between(start, Instant.now()));
  }
}
