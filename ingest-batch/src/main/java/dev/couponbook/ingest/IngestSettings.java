package dev.couponbook.ingest;

import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;

/**
 * What the program can be told.
 *
 * @param uploads the queue of the bucket's events
 * @param loads the queue of commands that are jobs
 * @param partitions the queue over which processes share the parts of a load
 * @param workers parts that this process works on at once
 * @param jobs loads that this process leads at once
 * @param partsInFlight parts of one load that are out at once, in all processes together
 * @param metricsHost where metrics are listened for
 * @param metricsPort 0: nowhere
 */
public record IngestSettings(
    DatabaseSettings database,
    String bucket,
    boolean s3PathStyle,
    String uploads,
    String deadUploads,
    String loads,
    String deadLoads,
    String partitions,
    int workers,
    int jobs,
    int partsInFlight,
    String metricsHost,
    int metricsPort) {

  public static IngestSettings from(Environment environment) {
    return new IngestSettings(
        DatabaseSettings.from(environment, "coupon_ingest"),
        environment.text("COUPON_BUCKET", "coupon-files"),
        environment.flag("COUPON_S3_PATH_STYLE", false),
        environment.text("COUPON_QUEUE_UPLOADS", "coupon-uploads"),
        environment.text("COUPON_QUEUE_UPLOADS_DEAD", "coupon-uploads-dead"),
        environment.text("COUPON_QUEUE_LOADS", "coupon-loads"),
        environment.text("COUPON_QUEUE_LOADS_DEAD", "coupon-loads-dead"),
        environment.text("COUPON_QUEUE_PARTITIONS", "coupon-partitions"),
        // While one worker of a core waits for the database, the core has PostgreSQL to run.
        environment.number(
            "COUPON_INGEST_WORKERS", 1, 64, Runtime.getRuntime().availableProcessors()),
        // A leader sleeps most of the time, but each asks the database some times a second.
        environment.number("COUPON_INGEST_JOBS", 1, 200, 16),
        // Enough for four processes of two cores; and a small file waits for so many parts of a
        // large one at most.
        environment.number("COUPON_INGEST_PARTS_IN_FLIGHT", 1, 1_000, 8),
        environment.text("COUPON_INGEST_METRICS_HOST", "127.0.0.1"),
        environment.number("COUPON_INGEST_METRICS_PORT", 0, 65_535, 0));
  }

  /**
   * A worker has its chunk's and for a moment another; each leader and listener has one at times.
   */
  int connections() {
    return 2 * workers + jobs + 8;
  }
}
