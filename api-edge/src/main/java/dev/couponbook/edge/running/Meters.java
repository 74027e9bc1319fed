package dev.couponbook.edge.running;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters, and where Prometheus fetches them: a port of its own, or none. */
@Factory
final class Meters {
  private static final Logger LOG = LoggerFactory.getLogger(Meters.class);

  private final RunningSettings settings;
  private @Nullable JvmGcMetrics collections;
  private @Nullable HTTPServer server;

  Meters(RunningSettings settings) {
    this.settings = settings;
  }

  @Context
  @Bean(preDestroy = "close")
  MeterRegistry registry() {
    if (settings.metricsPort() == 0) {
      return new SimpleMeterRegistry();
    }
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    collections = new JvmGcMetrics();
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    try {
      server =
          HTTPServer.builder()
              .hostname(settings.metricsHost())
              .port(settings.metricsPort())
              .registry(registry.getPrometheusRegistry())
              .buildAndStart();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no metrics at " + settings.metricsHost() + ":" + settings.metricsPort(), e);
    }
    LOG.info("metrics on http://{}:{}/metrics", settings.metricsHost(), server.getPort());
    return registry;
  }

  @PreDestroy
  void close() {
    if (server != null) {
      server.close();
    }
    if (collections != null) {
      collections.close();
    }
  }
}
