package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "restart",
    description = {
      "Stops one program in order and starts it again, with the settings of this shell.",
      "What is dead of the other programs is started, too; the rest is left alone."
    })
public final class Restart implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(
      paramLabel = "PROGRAM",
      description = "infra, api-edge, assign-worker, ingest-batch or unlock-job.")
  String program = "";

  @Override
  public Integer call() {
    var restarted = Program.named(program);
    var home =
        new StartPrograms(
                options.directory(),
                options.home().file().terms(),
                line -> System.err.println("  " + line))
            .restart(restarted);
    if (options.json) {
      Answer.json(home.state(home.look()));
    } else {
      System.out.printf(
          "%s runs again, as process %s.%n",
          restarted.title(),
          home.process(restarted).map(process -> Long.toString(process.pid())).orElse("-"));
    }
    return ExitCode.DONE;
  }
}
