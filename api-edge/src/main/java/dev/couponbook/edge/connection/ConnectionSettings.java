package dev.couponbook.edge.connection;

import dev.couponbook.program.Environment;
import java.time.Duration;

/**
 * What a connection may do.
 *
 * @param connections open at once; more are closed unanswered
 * @param longestMessage from the first byte of a request to its last
 */
public record ConnectionSettings(int connections, Duration longestMessage) {
  // Some KB each: far more than partners have, and still no danger to the heap.
  private static final int DEFAULT_CONNECTIONS = 10_000;
  // 256 KiB over a bad mobile line take about as long.
  private static final int DEFAULT_SECONDS = 30;

  public static ConnectionSettings from(Environment environment) {
    return new ConnectionSettings(
        environment.number("COUPON_EDGE_CONNECTIONS", 1, 1_000_000, DEFAULT_CONNECTIONS),
        Duration.ofSeconds(
            environment.number("COUPON_EDGE_REQUEST_SECONDS", 1, 600, DEFAULT_SECONDS)));
  }
}
