package dev.couponbook.edge.queue;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The edge's way to SQS; region, endpoint and credentials are the SDK's own settings. */
@Factory
final class CommandQueue {
  // A caller is told within two seconds that the queue is away.
  static final Duration PATIENCE = Duration.ofMillis(1_800);
  private static final Duration CONNECT = Duration.ofMillis(1_000);
  private static final int CONNECTIONS = 50;

  @Singleton
  @Bean(preDestroy = "close")
  SqsAsyncClient client(CountSqsCalls calls) {
    return SqsAsyncClient.builder()
        .httpClientBuilder(
            NettyNioAsyncHttpClient.builder()
                .maxConcurrency(CONNECTIONS)
                .connectionTimeout(CONNECT)
                .connectionAcquisitionTimeout(CONNECT))
        // What follows an answer waits for nothing, so it needs no other thread.
        .asyncConfiguration(async ->
            async.advancedOption(
                SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
        .overrideConfiguration(c -> c.apiCallTimeout(PATIENCE).addExecutionInterceptor(calls))
        .build();
  }

  @Singleton
  SendCommands commands(SqsAsyncClient client) {
    return new SendCommands(client);
  }
}
