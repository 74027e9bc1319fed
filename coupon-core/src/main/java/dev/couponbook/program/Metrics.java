package dev.couponbook.program;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program's meters, served to Prometheus on a port of their own, if one is set. If it is, they
 * include those of the JVM and of the disk.
 */
public final class Metrics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final @Nullable HTTPServer server;

  /** Serves metrics, unless their port is taken: that is logged, and coupons go on without. */
  public Metrics(MetricsSettings settings) {
    server = settings.port() == 0 ? null : serve(settings);
  }

  private @Nullable HTTPServer serve(MetricsSettings settings) {
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    if (settings.disk() != null) {
      bind(settings.disk());
    }
    try {
      var started =
          HTTPServer.builder()
              .hostname(settings.host())
              .port(settings.port())
              .registry(registry.getPrometheusRegistry())
              .buildAndStart();
      LOG.info("metrics on http://{}:{}/metrics", settings.host(), started.getPort());
      return started;
    } catch (IOException e) {
      LOG.warn(
          "no metrics are served: port {} of {} cannot be opened ({}); everything else works."
              + " Free the port, or set another with {}, and start this program again",
          settings.port(),
          settings.host(),
          e.getMessage(),
          settings.setting());
      return null;
    }
  }

  private void bind(DiskSpace disk) {
    Gauge.builder("coupon.disk.free", disk, Metrics::freeBytes)
        .description("What is left on the disk that the database writes to")
        .baseUnit("bytes")
        .strongReference(true)
        .register(registry);
    Gauge.builder("coupon.disk.least", disk, DiskSpace::leastBytes)
        .description("With less free than this, the disk counts as nearly full")
        .baseUnit("bytes")
        .strongReference(true)
        .register(registry);
  }

  // A disk that cannot be asked has no value; Prometheus shows it as NaN.
  private static double freeBytes(DiskSpace disk) {
    try {
      return disk.freeBytes();
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  public MeterRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    collections.close();
  }
}
