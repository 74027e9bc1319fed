package dev.couponbook.edge.queue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Counts what SQS bills: every attempt of a call. */
@Singleton
final class CountSqsCalls implements ExecutionInterceptor {
  private final MeterRegistry registry;

  CountSqsCalls(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void beforeTransmission(Context.BeforeTransmission call, ExecutionAttributes attributes) {
    Counter.builder("coupon.sqs.calls")
        .description("Calls to SQS, every attempt of a repeated one counted")
        .tag("operation", attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME))
        .register(registry)
        .increment();
  }
}
