package dev.couponbook.bench;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.load.LoadReport;
import dev.couponbook.cli.load.ProgressLine;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Pause;
import dev.couponbook.store.read.LoadProgress;
import dev.couponbook.store.read.ReadJobs;
import dev.couponbook.store.read.ReadJobs.Job;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A load as the benchmark saw it.
 *
 * @param seconds from the job's start to its end, by the database's clock
 * @param estimateOff how far the end that was estimated at half of the way was from the true one,
 *     as a share of the time that was left; null: the load was too short to ask
 * @param wentBack whether its percent ever fell
 */
record TimedLoad(Job row, double seconds, @Nullable Double estimateOff, boolean wentBack) {
  private static final long POLL_MILLIS = 200;
  private static final Duration PATIENCE = Duration.ofHours(6);

  /** Follows a load to its end. */
  static TimedLoad follow(Home home, UUID id) {
    var deadline = Instant.now().plus(PATIENCE);
    var halfway = new Halfway();
    try (var progress = new ProgressLine("loading");
        var connection = OpsDatabase.connect(home)) {
      while (true) {
        var found = ReadJobs.find(connection, id);
        if (found.isPresent()) {
          var row = found.get();
          var load = LoadReport.of(row);
          halfway.see(row.progress());
          progress.at(load, "");
          if (load.isOver()) {
            return of(row, halfway);
          }
        }
        if (Instant.now().isAfter(deadline)) {
          throw new CommandFailure(ExitCode.WAIT_TIMED_OUT, "The load " + id + " does not end.");
        }
        Pause.millis(POLL_MILLIS);
      }
    } catch (SQLException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE, "The connection to the database was lost: " + e.getMessage(), e);
    }
  }

  private static TimedLoad of(Job row, Halfway halfway) {
    switch (row.progress().state()) {
      case COMPLETED, COMPLETED_WITH_REJECTS -> {}
      case AWAITING_FILE, EXPIRED, QUEUED, RUNNING, STOPPED, FAILED, CANCELLED, UNDONE ->
          throw new CommandFailure(
              ExitCode.FAILED, "The load ended as " + LoadReport.of(row).line());
    }
    return new TimedLoad(
        row, row.elapsed().toMillis() / 1e3, halfway.off(Instant.now()), halfway.wentBack);
  }

  long rowsPerSecond() {
    return Math.round(row.progress().rows().read() / seconds);
  }

  Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("rowsPerSecond", rowsPerSecond());
    if (estimateOff != null) {
      json.put("estimateOff", rounded(estimateOff));
    }
    json.put("percentWentBack", wentBack);
    return json;
  }

  /** A figure rounded to the digits that mean something. */
  static double rounded(double figure) {
    return Math.round(figure * 1000) / 1000.0;
  }

  /** The end that was estimated when half was done. */
  private static final class Halfway {
    private double percent;
    private boolean wentBack;
    private @Nullable Instant at;
    private @Nullable Instant estimated;

    void see(LoadProgress load) {
      wentBack |= load.percent() < percent;
      percent = load.percent();
      if (at == null && percent >= 50 && load.estimatedEnd() != null) {
        at = Instant.now();
        estimated = load.estimatedEnd();
      }
    }

    @Nullable Double off(Instant end) {
      if (at == null || estimated == null) {
        return null;
      }
      double left = Duration.between(at, end).toMillis();
      return left == 0 ? null : Math.abs(Duration.between(end, estimated).toMillis()) / left;
    }
  }
}
