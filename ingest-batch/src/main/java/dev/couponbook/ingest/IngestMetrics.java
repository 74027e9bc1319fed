package dev.couponbook.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters, and where Prometheus fetches them: a port of its own, or none. Spring Batch does not
 * know of the registry: its timers of every item would cost more than the items.
 */
final class IngestMetrics implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IngestMetrics.class);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final @Nullable HTTPServer server;

  IngestMetrics(IngestSettings settings) {
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    server = settings.metricsPort() == 0 ? null : serve(settings.metricsHost(), settings);
  }

  private HTTPServer serve(String host, IngestSettings settings) {
    try {
      var started =
          HTTPServer.builder()
              .hostname(host)
              .port(settings.metricsPort())
              .registry(registry.getPrometheusRegistry())
              .buildAndStart();
      log.info("metrics on http://{}:{}/metrics", host, started.getPort());
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("no metrics at " + host + ":" + settings.metricsPort(), e);
    }
  }

  MeterRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
