package dev.couponbook.cli.load;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Locale;

/** The recent rows per second of a load, which shows its average itself. */
final class RecentRate {
  /** A chunk of a busy part takes some seconds, and its rows are counted all at once. */
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private record Reading(Instant at, long rows) {}

  private final ArrayDeque<Reading> readings = new ArrayDeque<>();

  /**
   * Takes a reading.
   *
   * @return text to print behind the average rate; empty until a second reading is there
   */
  String of(long rows) {
    return of(rows, Instant.now());
  }

  String of(long rows, Instant now) {
    while (readings.size() > 1
        && Duration.between(readings.getFirst().at(), now).compareTo(WINDOW) > 0) {
      readings.removeFirst();
    }
    readings.addLast(new Reading(now, rows));
    var first = readings.getFirst();
    long millis = Duration.between(first.at(), now).toMillis();
    return millis < 1_000
        ? ""
        : String.format(Locale.ROOT, ", now %,d", (rows - first.rows()) * 1_000 / millis);
  }
}
