package dev.couponbook.cli.load;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.read.ReadJobs;
import dev.couponbook.store.read.ReadJobs.Job;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists the latest jobs.")
final class JobList implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Option(
      names = "-n",
      paramLabel = "COUNT",
      defaultValue = "20",
      description = "How many (default ${DEFAULT-VALUE}).")
  int count = 20;

  @Override
  public Integer call() {
    var jobs = OpsDatabase.ask(options.home(), connection -> ReadJobs.latest(connection, count));
    if (options.json) {
      Answer.json(Map.of("jobs", jobs.stream().map(job -> new JobReport(job).json()).toList()));
    } else {
      print(jobs);
    }
    return ExitCode.DONE;
  }

  private static void print(List<Job> jobs) {
    System.out.printf(
        "%-36s  %-12s %-8s %-22s %6s %12s %12s %10s %10s %9s%n",
        "id",
        "partner",
        "kind",
        "state",
        "%",
        "read",
        "accepted",
        "duplicate",
        "rejected",
        "rows/s");
    for (var job : jobs) {
      var progress = job.progress();
      var rows = progress.rows();
      System.out.printf(
          "%-36s  %-12s %-8s %-22s %6.1f %,12d %,12d %,10d %,10d %,9d%n",
          job.id(),
          job.partner(),
          job.kind(),
          progress.state().text(),
          progress.percent(),
          rows.read(),
          rows.accepted(),
          rows.duplicate(),
          rows.rejected(),
          progress.rowsPerSecond());
    }
  }
}
