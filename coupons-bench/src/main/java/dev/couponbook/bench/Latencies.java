package dev.couponbook.bench;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** How long each of many answers took. */
final class Latencies {
  private final long[] sortedNanos;
  private final Duration time;

  /**
   * @param time in which all of them came
   */
  Latencies(List<long[]> nanos, Duration time) {
    this.sortedNanos = nanos.stream().flatMapToLong(LongStream::of).sorted().toArray();
    this.time = time;
  }

  int count() {
    return sortedNanos.length;
  }

  double perSecond() {
    return count() * 1e9 / time.toNanos();
  }

  /** The milliseconds under which this percentage of the answers stayed. */
  double millis(int percent) {
    return count() == 0 ? Double.NaN : sortedNanos[(int) ((count() - 1L) * percent / 100)] / 1e6;
  }
}
