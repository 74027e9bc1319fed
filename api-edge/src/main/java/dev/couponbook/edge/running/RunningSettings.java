package dev.couponbook.edge.running;

import dev.couponbook.program.Environment;
import dev.couponbook.program.MetricsSettings;

/**
 * What the edge tells whoever runs it.
 *
 * @param metrics where metrics are served
 * @param accessLog whether each request is logged
 */
public record RunningSettings(MetricsSettings metrics, boolean accessLog) {
  public static RunningSettings from(Environment environment) {
    return new RunningSettings(
        MetricsSettings.from(environment, "COUPON_EDGE"),
        environment.flag("COUPON_EDGE_ACCESS_LOG", true));
  }

  /** For a function, which has no port to fetch metrics from. */
  public static RunningSettings withoutMetrics(Environment environment) {
    return new RunningSettings(
        MetricsSettings.none(), environment.flag("COUPON_EDGE_ACCESS_LOG", true));
  }
}
