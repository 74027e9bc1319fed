package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.Durations;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.local.HomeDirectory;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    description = {"Shows what is running.", "Exit code 0 if everything is ready, 6 if not."})
public final class Status implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Override
  public Integer call() {
    var home = options.home();
    if (options.json) {
      Answer.json(home.state());
    } else {
      print(home);
    }
    return home.isReady() ? ExitCode.DONE : ExitCode.UNREACHABLE;
  }

  private static void print(Home home) {
    System.out.printf("%-14s %8s  %-9s %10s%n", "program", "pid", "state", "up");
    for (var program : Program.values()) {
      var process = home.process(program);
      System.out.printf(
          "%-14s %8s  %-9s %10s%n",
          program.title(),
          process.map(p -> Long.toString(p.pid())).orElse("-"),
          process.isEmpty() ? "stopped" : home.isReady(program) ? "ready" : "not ready",
          process.flatMap(p -> p.info().startInstant()).map(Status::age).orElse("-"));
    }
    System.out.println(location(home.directory(), home));
  }

  private static String location(HomeDirectory directory, Home home) {
    return "API " + home.ports().edgeUrl() + ", data " + directory.root();
  }

  private static String age(Instant start) {
    return Durations.text(Duration.between(start, Instant.now()));
  }
}
