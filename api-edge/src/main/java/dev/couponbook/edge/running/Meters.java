package dev.couponbook.edge.running;

import dev.couponbook.program.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/** The edge's meters. */
@Factory
final class Meters {
  @Context
  @Bean(preDestroy = "close")
  Metrics metrics(RunningSettings settings) {
    return new Metrics(settings.metrics());
  }

  @Singleton
  MeterRegistry registry(Metrics metrics) {
    return metrics.registry();
  }
}
