package dev.couponbook.cli.load;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.Columns;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.read.LoadState;
import dev.couponbook.store.read.ReadJobs;
import dev.couponbook.store.read.ReadJobs.Job;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description = {
      "Lists the latest jobs, two lines for each:",
      "its id, when it was asked for (UTC), its state; then its rows, file, book and partner."
    })
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
    var jobs =
        OpsDatabase.ask(
            options.home(),
            connection -> JobReport.of(connection, ReadJobs.latest(connection, count)));
    if (options.json) {
      Answer.json(Map.of("jobs", jobs.stream().map(JobReport::json).toList()));
    } else {
      print(jobs);
    }
    return ExitCode.DONE;
  }

  private static void print(List<JobReport> jobs) {
    for (var report : jobs) {
      var job = report.job();
      System.out.println(
          Columns.cut(
              "%s  %s  %s".formatted(job.id(), Columns.minute(job.created()), state(report))));
      var rows = rows(job);
      int left = Columns.WIDTH - rows.length() - 4;
      System.out.println("  " + rows + "  " + Columns.cut(source(job), left));
    }
  }

  private static String state(JobReport report) {
    var progress = report.job().progress();
    if (progress.state() != LoadState.RUNNING) {
      return progress.state().text();
    }
    return String.format(
        Locale.ROOT,
        "running %d %%%s",
        (int) progress.percent(),
        report.led() ? "" : ", unattended");
  }

  private static String rows(Job job) {
    var rows = job.progress().rows();
    return String.format(Locale.ROOT, "%,d read, %,d rejected", rows.read(), rows.rejected());
  }

  private static String source(Job job) {
    var what = job.fileName() == null ? job.kind() : job.fileName();
    return what + " into " + job.book() + " (" + job.partner() + ")";
  }
}
