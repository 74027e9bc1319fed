package dev.couponbook.program;

import org.jspecify.annotations.Nullable;

/**
 * Where a program serves its metrics.
 *
 * @param host the address, which partners cannot reach
 * @param port its port; 0: metrics are not served
 * @param setting the setting of the port, for people who have to change it
 * @param disk the disk to tell about; null if the database's is elsewhere
 */
public record MetricsSettings(String host, int port, String setting, @Nullable DiskSpace disk) {
  /**
   * Reads {@code PREFIX_METRICS_HOST}, {@code PREFIX_METRICS_PORT} and the disk's settings.
   *
   * @param prefix such as {@code COUPON_WORKER}
   * @throws Environment.BadSettingException if one cannot be
   */
  public static MetricsSettings from(Environment environment, String prefix) {
    var setting = prefix + "_METRICS_PORT";
    return new MetricsSettings(
        environment.text(prefix + "_METRICS_HOST", "127.0.0.1"),
        environment.number(setting, 0, 65_535, 0),
        setting,
        DiskSpace.from(environment));
  }

  /** For a program that has no port to fetch metrics from. */
  public static MetricsSettings none() {
    return new MetricsSettings("127.0.0.1", 0, "", null);
  }
}
