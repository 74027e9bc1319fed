package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "down", description = "Stops the programs and then the local cloud. Data is kept.")
public final class Down implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Override
  public Integer call() {
    var stopped = takeDown(options);
    if (options.json) {
      Answer.json(Map.of("stopped", stopped.stream().map(Program::title).toList()));
    } else if (stopped.isEmpty()) {
      System.out.println("Nothing was running on " + options.directory().root() + ".");
    }
    return ExitCode.DONE;
  }

  static List<Program> takeDown(HomeOptions options) {
    return new StopPrograms(options.directory(), line -> System.err.println("  " + line))
        .stop(List.of(Program.values()));
  }
}
