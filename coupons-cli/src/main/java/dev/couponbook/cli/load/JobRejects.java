package dev.couponbook.cli.load;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.load.RejectedRows;
import dev.couponbook.store.read.ReadJobs;
import dev.couponbook.store.read.ReadJobs.Reject;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rejects",
    description = {
      "Shows the first rejected rows of an import, and how many were rejected for each reason.",
      "The partner can fetch all of them as CSV through the upload's link."
    })
final class JobRejects implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(paramLabel = "ID", description = "The id of the upload.")
  String id = "";

  @Option(
      names = "-n",
      paramLabel = "COUNT",
      defaultValue = "20",
      description = "How many rows (default ${DEFAULT-VALUE}).")
  int count = 20;

  @Override
  public Integer call() {
    return OpsDatabase.ask(
        options.home(),
        connection -> {
          int load = FindJob.by(connection, id).number();
          var byReason = RejectedRows.byReason(connection, load);
          if (options.json) {
            Answer.json(Map.of("rejectsByReason", byReason));
          } else {
            byReason.forEach((reason, rows) -> System.out.printf("%,12d  %s%n", rows, reason));
            for (var reject : ReadJobs.rejects(connection, load, count)) {
              System.out.println(line(reject));
            }
          }
          return ExitCode.DONE;
        });
  }

  private static String line(Reject reject) {
    return String.format(
        Locale.ROOT,
        "line %,d, byte %,d, %s: %s",
        reject.line(),
        reject.offset(),
        reject.reason(),
        printable(reject.text()));
  }

  // A partner's bytes must not steer an operator's terminal.
  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
