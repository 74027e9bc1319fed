package dev.couponbook.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "jobs",
    description = "The imports and generations of all partners.",
    subcommands = {
      Jobs.ListThem.class,
      JobShow.class,
      Jobs.Watch.class,
      JobStart.class,
      JobOrder.Stop.class,
      JobOrder.Restart.class,
      JobOrder.Recover.class,
      JobOrder.Abandon.class,
      JobRejects.class
    },
    synopsisSubcommandLabel = "COMMAND")
final class Jobs {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and end.")
  boolean help;

  @Command(name = "list", description = "Lists the latest jobs.")
  static final class ListThem implements Callable<Integer> {
    @Mixin HomeOptions options = new HomeOptions();

    @Option(
        names = "-n",
        paramLabel = "COUNT",
        defaultValue = "20",
        description = "How many (default ${DEFAULT-VALUE}).")
    int count = 20;

    @Override
    public Integer call() {
      var jobs = OpsDatabase.ask(options.home(), connection -> LoadRow.latest(connection, count));
      if (options.json) {
        Answer.json(Map.of("jobs", jobs.stream().map(LoadRow::json).toList()));
      } else {
        print(jobs);
      }
      return ExitCode.DONE;
    }

    private static void print(List<LoadRow> jobs) {
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
        var load = job.load();
        System.out.printf(
            "%-36s  %-12s %-8s %-22s %6.1f %,12d %,12d %,10d %,10d %,9d%n",
            job.id(),
            job.partner(),
            job.kind(),
            load.state(),
            load.percent(),
            load.read(),
            load.accepted(),
            load.duplicate(),
            load.rejected(),
            load.rowsPerSecond());
      }
    }
  }

  @Command(
      name = "watch",
      description = {
        "Follows a job to its end; the exit code says how it ended.",
        "Ctrl-C only stops the watching; the job goes on."
      })
  static final class Watch implements Callable<Integer> {
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
      var detached = Detached.print("./coupons jobs watch " + id);
      var job = follow(options.home());
      Detached.forget(detached);
      if (options.json) {
        Answer.json(job.json());
      } else {
        System.out.println(job.load().line());
      }
      return job.load().exitCode();
    }

    private LoadRow follow(Home home) {
      var deadline = Instant.now().plus(timeout);
      var now = new RecentRate();
      try (var progress = new ProgressLine("job");
          var connection = OpsDatabase.connect(home)) {
        while (true) {
          var job = find(connection, id);
          progress.at(job.load(), now.of(job.load().read()));
          if (job.load().isOver()) {
            return job;
          }
          if (Instant.now().isAfter(deadline)) {
            throw new CommandFailure(
                ExitCode.WAIT_TIMED_OUT,
                "The job is still "
                    + job.load().state()
                    + " after "
                    + Durations.text(timeout)
                    + "; it goes on.");
          }
          Pause.millis(POLL_MILLIS);
        }
      } catch (SQLException e) {
        throw new CommandFailure(
            ExitCode.UNREACHABLE, "The database went away: " + e.getMessage(), e);
      }
    }
  }

  /** An id as the API gives it has a tag behind the UUID; ops may give it with or without. */
  static UUID uuid(String id) {
    try {
      return UUID.fromString(id.substring(0, Math.min(36, id.length())));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "'" + id + "' is no id of a job; ./coupons jobs list shows them.", e);
    }
  }

  static LoadRow find(Connection connection, String id) throws SQLException {
    return LoadRow.find(connection, uuid(id))
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.REFUSED,
                "There is no job "
                    + id
                    + " (a file that was not put yet makes none);"
                    + " ./coupons jobs list shows the latest."));
  }
}
