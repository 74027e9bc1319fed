package dev.couponbook.edge.request;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Executors;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.batchmanager.SqsAsyncBatchManager;

/** The edge's way to SQS; region, endpoint and credentials are the SDK's own settings. */
@Factory
final class CommandQueue {
  // A caller is told within two seconds that the queue is away.
  static final Duration PATIENCE = Duration.ofMillis(1_800);
  private static final Duration CONNECT = Duration.ofMillis(1_000);
  // What a lone command waits for company, of which it has none; under load a batch of ten fills
  // first.
  private static final Duration GATHERING = Duration.ofMillis(3);
  private static final int CONNECTIONS = 50;

  @Singleton
  @Bean(preDestroy = "close")
  SqsAsyncClient client() {
    return SqsAsyncClient.builder()
        .httpClientBuilder(
            NettyNioAsyncHttpClient.builder()
                .maxConcurrency(CONNECTIONS)
                .connectionTimeout(CONNECT)
                .connectionAcquisitionTimeout(CONNECT))
        .overrideConfiguration(c -> c.apiCallTimeout(PATIENCE))
        .build();
  }

  @Singleton
  @Bean(preDestroy = "close")
  SqsAsyncBatchManager batches(SqsAsyncClient client) {
    return SqsAsyncBatchManager.builder()
        .client(client)
        .scheduledExecutor(
            Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("gather-commands").factory()))
        .overrideConfiguration(c -> c.sendRequestFrequency(GATHERING))
        .build();
  }
}
