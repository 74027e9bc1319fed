package dev.couponbook.edge.running;

import dev.couponbook.program.Environment;

/**
 * What the edge tells whoever runs it.
 *
 * @param metricsHost address of the metrics server, which partners cannot reach
 * @param metricsPort its port; 0 for none
 * @param accessLog whether each request is logged
 */
public record RunningSettings(String metricsHost, int metricsPort, boolean accessLog) {
  public static RunningSettings from(Environment environment) {
    return new RunningSettings(
        environment.text("COUPON_EDGE_METRICS_HOST", "127.0.0.1"),
        environment.number("COUPON_EDGE_METRICS_PORT", 0, 65_535, 0),
        environment.flag("COUPON_EDGE_ACCESS_LOG", true));
  }

  /** For a function, which has no port to fetch metrics from. */
  public static RunningSettings withoutMetrics(Environment environment) {
    return new RunningSettings("127.0.0.1", 0, environment.flag("COUPON_EDGE_ACCESS_LOG", true));
  }
}
