package dev.couponbook.edge.request;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
  private static final Logger LOG = LoggerFactory.getLogger(CommandQueue.class);

  @Singleton
  @Bean(preDestroy = "close")
  SqsAsyncClient client(CountSqsCalls calls) {
    return SqsAsyncClient.builder()
        .httpClientBuilder(
            NettyNioAsyncHttpClient.builder()
                .maxConcurrency(CONNECTIONS)
                .connectionTimeout(CONNECT)
                .connectionAcquisitionTimeout(CONNECT))
        .overrideConfiguration(c -> c.apiCallTimeout(PATIENCE).addExecutionInterceptor(calls))
        .build();
  }

  @Singleton
  @Bean(preDestroy = "close")
  SqsAsyncBatchManager batches(SqsAsyncClient client) {
    return SqsAsyncBatchManager.builder()
        .client(client)
        .scheduledExecutor(new Gathering())
        .overrideConfiguration(c -> c.sendRequestFrequency(GATHERING))
        .build();
  }

  /**
   * The clock of the batches. It goes on when one of its turns fails: the SDK has one periodic task
   * a queue, and a periodic task that throws is never run again, so that lone commands would stay
   * in their batch, and each be 503, until ten come at once.
   */
  static final class Gathering extends ScheduledThreadPoolExecutor {
    Gathering() {
      super(1, Thread.ofPlatform().daemon().name("gather-commands").factory());
      setRemoveOnCancelPolicy(true);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable turn, long delay, long period, TimeUnit unit) {
      return super.scheduleAtFixedRate(() -> runOnce(turn), delay, period, unit);
    }

    private static void runOnce(Runnable turn) {
      try {
        turn.run();
      } catch (RuntimeException | Error e) {
        LOG.error("a batch of commands was not sent", e);
      }
    }
  }
}
