package dev.couponbook.cli.load;

import dev.couponbook.store.read.ReadJobs.Job;
import java.util.LinkedHashMap;
import java.util.Map;

/** A job as an operator reads it, whichever partner's it is. */
record JobReport(Job job) {
  LoadReport load() {
    return LoadReport.of(job);
  }

  /** For scripts. */
  Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("id", job.id().toString());
    json.put("partner", job.partner());
    json.put("kind", job.kind());
    if (job.fileName() != null) {
      json.put("fileName", job.fileName());
    }
    json.put("createdAt", job.created().toString());
    json.put("seconds", job.elapsed().toMillis() / 1000.0);
    json.putAll(load().json());
    return json;
  }
}
