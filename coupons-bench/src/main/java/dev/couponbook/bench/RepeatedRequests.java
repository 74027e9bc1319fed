package dev.couponbook.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Requests over some connections, for some time.
 *
 * @param request the bytes of the next one
 * @param status what each must be answered with; another one ends the benchmark
 */
record RepeatedRequests(int port, Supplier<byte[]> request, int status) {

  /** The same request again and again. */
  RepeatedRequests(int port, byte[] request, int status) {
    this(port, () -> request, status);
  }

  /** Answers per second, of {@link #measure}. */
  double perSecond(int connections, Duration time) {
    return measure(connections, time).perSecond();
  }

  /** Each connection asks again as soon as it is answered. */
  Latencies measure(int connections, Duration time) {
    return measure(connections, time, 0);
  }

  /**
   * Each connection asks at its times, or as soon after as it is answered; an answer's time counts
   * from when its request was due.
   */
  Latencies paced(int connections, Duration time, double perSecond) {
    return measure(connections, time, (long) (1e9 * connections / perSecond));
  }

  private Latencies measure(int connections, Duration time, long interval) {
    long began = System.nanoTime();
    long end = began + time.toNanos();
    var latencies =
        Threads.run(connections, i -> () -> ask(began + interval * i / connections, interval, end));
    return new Latencies(latencies, Duration.ofNanos(System.nanoTime() - began));
  }

  private long[] ask(long first, long interval, long end) throws IOException {
    var latencies = LongStream.builder();
    try (var connection = new RawConnection(port)) {
      for (long due = first; due < end; due = interval == 0 ? System.nanoTime() : due + interval) {
        LockSupport.parkNanos(due - System.nanoTime());
        var reply = connection.exchange(request.get());
        if (reply.status() != status) {
          throw new IOException(
              "answered " + reply.status() + " where " + status + " was expected: " + reply.body());
        }
        latencies.add(System.nanoTime() - due);
      }
    }
    return latencies.build().toArray();
  }
}
