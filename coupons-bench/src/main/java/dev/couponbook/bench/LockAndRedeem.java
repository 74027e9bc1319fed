package dev.couponbook.bench;

import dev.couponbook.coupon.BookId;
import dev.couponbook.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** A lock and then a redeem of each code, over HTTP, each answered by {@code Prefer: wait}. */
final class LockAndRedeem {
  private final int port;
  private final String headers;
  private final List<Commands.Held> held;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param book one with assigned codes that have not been redeemed
   */
  LockAndRedeem(BenchRun run, BookId book) {
    this(run, run.home().ports().edge(), book);
  }

  /**
   * @param port of what answers in the edge's place
   * @param book as above
   */
  LockAndRedeem(BenchRun run, int port, BookId book) {
    this.port = port;
    this.headers =
        "Authorization: Bearer %s\r\nContent-Type: application/json\r\nPrefer: wait=20\r\n"
            .formatted(run.token());
    this.held = new Commands(run.home()).held(book);
  }

  /** The times of pairs. */
  Latencies measure(int connections, Duration time) {
    long began = System.nanoTime();
    long end = began + time.toNanos();
    var latencies = Threads.run(connections, _ -> () -> pairs(end));
    return new Latencies(latencies, Duration.ofNanos(System.nanoTime() - began));
  }

  private long[] pairs(long end) throws IOException {
    var latencies = LongStream.builder();
    try (var connection = new RawConnection(port)) {
      while (System.nanoTime() < end) {
        int i = next.getAndIncrement();
        if (i >= held.size()) {
          throw new IOException("the " + held.size() + " assigned codes are used up");
        }
        var code = held.get(i);
        long began = System.nanoTime();
        var names = Map.of("email", code.user().value());
        post(connection, "/coupons/lock/" + code.code().value(), names);
        post(connection, "/coupons/redeem/" + code.code().value(), names);
        latencies.add(System.nanoTime() - began);
      }
    }
    return latencies.build().toArray();
  }

  private void post(RawConnection connection, String path, Map<String, String> body)
      throws IOException {
    var reply =
        connection.exchange(
            RawConnection.request("POST", path, headers, Json.mapper().writeValueAsString(body)));
    if (reply.status() != 200) {
      throw new IOException(path + " was answered " + reply.status() + ": " + reply.body());
    }
  }
}
