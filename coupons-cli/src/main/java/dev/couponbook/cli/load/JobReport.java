package dev.couponbook.cli.load;

import dev.couponbook.store.load.LeadLocks;
import dev.couponbook.store.read.LoadState;
import dev.couponbook.store.read.ReadJobs.Job;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A job as an operator reads it, whichever partner's it is.
 *
 * @param led whether an ingest process leads it at this moment
 */
record JobReport(Job job, boolean led) {
  private static final String LEFT_ALONE =
      "no ingest process works on it at the moment: ./coupons status";

  static JobReport of(Connection connection, Job job) throws SQLException {
    return of(connection, List.of(job)).getFirst();
  }

  static List<JobReport> of(Connection connection, List<Job> jobs) throws SQLException {
    var led = LeadLocks.led(connection);
    return jobs.stream().map(job -> new JobReport(job, led.contains(job.number()))).toList();
  }

  LoadReport load() {
    var load = LoadReport.of(job);
    if (led || job.progress().state() != LoadState.RUNNING) {
      return load;
    }
    return new LoadReport(
        job.progress().withoutEnd(),
        job.reason() == null ? LEFT_ALONE : job.reason() + "; " + LEFT_ALONE,
        load.file());
  }

  /** For scripts. */
  Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("id", job.id().toString());
    json.put("partner", job.partner());
    json.put("book", job.book());
    json.put("kind", job.kind());
    if (job.fileName() != null) {
      json.put("fileName", job.fileName());
    }
    json.put("createdAt", job.created().toString());
    json.put("seconds", job.elapsed().toMillis() / 1000.0);
    json.put("led", led);
    json.putAll(load().json());
    return json;
  }
}
