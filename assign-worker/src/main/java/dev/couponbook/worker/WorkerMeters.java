package dev.couponbook.worker;

import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.store.batch.CommandLog.Answer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** What this worker has done: commands by kind and status, batches, and calls that SQS bills. */
final class WorkerMeters implements ExecutionInterceptor {
  private final MeterRegistry registry;
  private final Timer batches;
  private final DistributionSummary sizes;
  private final Counter refusedForSpace;

  WorkerMeters(MeterRegistry registry) {
    this.registry = registry;
    this.batches =
        Timer.builder("coupon.batch")
            .description("From the first statement of a batch to its commit, or to its failure")
            .register(registry);
    this.sizes =
        DistributionSummary.builder("coupon.batch.commands")
            .description("Commands answered by a committed batch")
            .register(registry);
    this.refusedForSpace =
        Counter.builder("coupon.writes.refused")
            .description("Batches that the database refused because its disk is full")
            .register(registry);
  }

  /** Times a batch, and counts it if there was no room for what it wrote. */
  <T> T batch(Supplier<T> batch) {
    try {
      return batches.record(batch);
    } catch (DatabaseException e) {
      if (e.isDiskFull()) {
        refusedForSpace.increment();
      }
      throw e;
    }
  }

  /** Counts the answers of a committed batch. */
  void answered(List<Answer> answers) {
    sizes.record(answers.size());
    for (var answer : answers) {
      Counter.builder("coupon.commands")
          .description("Commands by their kind and the status they were answered with")
          .tag("kind", answer.message().command().kind())
          .tag("status", Integer.toString(answer.outcome().status()))
          .register(registry)
          .increment();
    }
  }

  @Override
  public void beforeTransmission(Context.BeforeTransmission call, ExecutionAttributes attributes) {
    Counter.builder("coupon.sqs.calls")
        .description("Calls to SQS; each attempt of a repeated call counts")
        .tag("operation", attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME))
        .register(registry)
        .increment();
  }
}
