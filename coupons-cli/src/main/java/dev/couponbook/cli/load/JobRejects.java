package dev.couponbook.cli.load;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.Columns;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.load.RejectedRows;
import dev.couponbook.store.read.ReadJobs;
import dev.couponbook.store.read.ReadJobs.Reject;
import java.util.LinkedHashMap;
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
          var rejects = ReadJobs.rejects(connection, load, count);
          if (options.json) {
            var answer = new LinkedHashMap<String, Object>();
            answer.put("rejectsByReason", byReason);
            answer.put("rows", rejects.stream().map(JobRejects::json).toList());
            Answer.json(answer);
          } else {
            byReason.forEach((reason, rows) -> System.out.printf("%,12d  %s%n", rows, reason));
            rejects.forEach(reject -> System.out.println(line(reject)));
          }
          return ExitCode.DONE;
        });
  }

  private static Map<String, Object> json(Reject reject) {
    var json = new LinkedHashMap<String, Object>();
    json.put("line", reject.line());
    json.put("offset", reject.offset());
    json.put("reason", reject.reason());
    json.put("row", reject.text());
    return json;
  }

  private static String line(Reject reject) {
    return String.format(
        Locale.ROOT,
        "line %,d, byte %,d, %s: %s",
        reject.line(),
        reject.offset(),
        reject.reason(),
        Columns.printable(reject.text()));
  }
}
