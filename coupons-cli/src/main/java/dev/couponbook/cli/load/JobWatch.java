package dev.couponbook.cli.load;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.Detached;
import dev.couponbook.cli.terminal.Durations;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Pause;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    description = {
      "Follows a job to its end; the exit code says how it ended.",
      "Ctrl-C only stops watching; the job continues."
    })
final class JobWatch implements Callable<Integer> {
  private static final long POLL_MILLIS = 500;

  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(paramLabel = "ID", description = "The id of the upload or of the request.")
  String id = "";

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "7d",
      converter = Durations.class,
      description = "Stop watching after this time, with exit code 124.")
  Duration timeout = Duration.ofDays(7);

  @Override
  public Integer call() {
    var job = follow(options.home());
    if (options.json) {
      Answer.json(job.json());
    } else {
      System.out.println(job.load().line());
    }
    return job.load().exitCode();
  }

  private JobReport follow(Home home) {
    var deadline = Instant.now().plus(timeout);
    var now = new RecentRate();
    try (var _ = new Detached("./coupons jobs watch " + id);
        var progress = new ProgressLine("job");
        var connection = OpsDatabase.connect(home)) {
      while (true) {
        var job = JobReport.of(connection, FindJob.by(connection, id));
        var load = job.load();
        progress.at(load, now.of(load.progress().rows().read()));
        if (load.isOver()) {
          return job;
        }
        if (Instant.now().isAfter(deadline)) {
          throw new CommandFailure(
              ExitCode.WAIT_TIMED_OUT,
              "The job is still "
                  + load.state()
                  + " after "
                  + Durations.text(timeout)
                  + "; it continues.");
        }
        Pause.millis(POLL_MILLIS);
      }
    } catch (SQLException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE, "The connection to the database was lost: " + e.getMessage(), e);
    }
  }
}
