package dev.couponbook.edge;

import dev.couponbook.program.Environment;

/**
 * Where the edge listens.
 *
 * @param port 0 for any free port
 */
public record ServerSettings(String host, int port) {
  public static final int DEFAULT_PORT = 18100;

  public static ServerSettings from(Environment environment) {
    return new ServerSettings(
        environment.text("COUPON_EDGE_HOST", "127.0.0.1"),
        environment.number("COUPON_EDGE_PORT", 0, 65_535, DEFAULT_PORT));
  }
}
