package dev.couponbook.ingest.settings;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;
import dev.couponbook.program.MetricsSettings;
import java.time.Duration;

/**
 * What the program can be told.
 *
 * @param uploads the queue of the bucket's events
 * @param loads the queue of commands about whole loads
 * @param partitions the queue over which processes share the parts of a load
 * @param workers how many parts this process works on at once
 * @param jobs how many loads this process leads at once
 * @param partsInFlight how many parts of one load are out at once, in all processes together
 * @param deadLetterPause the pause between two looks through the dead letters
 * @param metrics where metrics are served
 * @param blockRows rows that are read, and then committed, together: always {@link Block#ROWS},
 *     except in tests, where a small file is to have several blocks
 * @param longPoll how long a poll waits for a message, and so how long it can delay the stop of its
 *     listener: five seconds, except in tests
 * @param round how long a process waits before it looks again for loads to lead and for orders of
 *     the operators: two seconds, except in tests
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
    Duration deadLetterPause,
    MetricsSettings metrics,
    int blockRows,
    Duration longPoll,
    Duration round) {
  private static final Duration LONG_POLL = Duration.ofSeconds(5);
  private static final Duration ROUND = Duration.ofSeconds(2);

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
        // One worker per core: while it waits for the database, the core runs PostgreSQL.
        environment.number(
            "COUPON_INGEST_WORKERS", 1, 64, Runtime.getRuntime().availableProcessors()),
        // A leader sleeps most of the time, but each asks the database several times per second.
        environment.number("COUPON_INGEST_JOBS", 1, 200, 16),
        // Enough for four processes with two cores each. A small file waits for at most this
        // many parts of a large one.
        environment.number("COUPON_INGEST_PARTS_IN_FLIGHT", 1, 1_000, 8),
        // Until then their requests are queued for the partner; a look costs two empty receives.
        Duration.ofSeconds(environment.number("COUPON_INGEST_DEAD_LETTER_SECONDS", 1, 3_600, 10)),
        MetricsSettings.from(environment, "COUPON_INGEST"),
        Block.ROWS,
        LONG_POLL,
        ROUND);
  }

  /**
   * How many database connections the program needs: a worker has one for its chunk and for a
   * moment another, and each leader and each listener has one at times.
   */
  public int connections() {
    return 2 * workers + jobs + 8;
  }

  /** The same settings with these values, which have no names in the environment. */
  public IngestSettings with(int rows, Duration wait, Duration betweenRounds) {
    return new IngestSettings(
        database,
        bucket,
        s3PathStyle,
        uploads,
        deadUploads,
        loads,
        deadLoads,
        partitions,
        workers,
        jobs,
        partsInFlight,
        deadLetterPause,
        metrics,
        rows,
        wait,
        betweenRounds);
  }
}
