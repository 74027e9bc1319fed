package dev.couponbook.edge.queue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Counts what SQS bills: each attempt of a call for itself. */
@Singleton
final class CountSqsCalls implements ExecutionInterceptor {
  private final MeterRegistry registry;

  CountSqsCalls(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void beforeTransmission(Context.BeforeTransmission call, ExecutionAttributes attributes) {
    Counter.builder("coupon.sqs.calls")
        .description("Calls to SQS, each attempt of a repeated one for itself")
        .tag("operation", attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME))
        .register(registry)
        .increment();
  }
}
