package dev.couponbook.unlock;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.couponbook.postgres.SurviveFailover;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.program.ReadyFile;
import io.awspring.cloud.sqs.config.SqsBootstrapConfiguration;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.ListenerMode;
import io.awspring.cloud.sqs.listener.QueueNotFoundStrategy;
import io.awspring.cloud.sqs.listener.acknowledgement.handler.AcknowledgementMode;
import java.time.Duration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The parts of the program that listens. */
@Configuration(proxyBeanMethods = false)
@Import(SqsBootstrapConfiguration.class)
class UnlockConfiguration {
  // A stop waits for the poll that is running. Twelve empty receives per minute cost nothing.
  private static final Duration LONG_POLL = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofSeconds(20);

  static HikariConfig poolOf(UnlockSettings settings) {
    var config = new HikariConfig();
    config.setPoolName("unlock");
    config.setJdbcUrl(settings.database().url());
    config.setUsername(settings.database().user());
    config.setPassword(settings.database().password());
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(5_000);
    config.setInitializationFailTimeout(-1); // programs start in any order
    SurviveFailover.with(config);
    config.addDataSourceProperty("ApplicationName", "unlock-job");
    config.addDataSourceProperty("connectTimeout", "5");
    config.addDataSourceProperty("socketTimeout", "40");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return config;
  }

  @Bean
  HikariDataSource pool(UnlockSettings settings) {
    return new HikariDataSource(poolOf(settings));
  }

  @Bean
  RunSweep runSweep(HikariDataSource pool, UnlockSettings settings) {
    return new RunSweep(new Transactions(pool), settings);
  }

  @Bean
  SweepListener sweepListener(RunSweep sweep) {
    return new SweepListener(sweep);
  }

  @Bean
  SqsAsyncClient sqs() {
    return SqsAsyncClient.create();
  }

  @Bean
  SqsMessageListenerContainerFactory<String> sweeps(SqsAsyncClient sqs) {
    return SqsMessageListenerContainerFactory.<String>builder()
        .sqsAsyncClient(sqs)
        .configure(options ->
            options
                .listenerMode(ListenerMode.BATCH)
                .acknowledgementMode(AcknowledgementMode.MANUAL)
                .queueNotFoundStrategy(QueueNotFoundStrategy.FAIL)
                // One receive at a time: events that are there together are one sweep.
                .maxConcurrentMessages(10)
                .maxMessagesPerPoll(10)
                .pollTimeout(LONG_POLL)
                .listenerShutdownTimeout(GRACE)
                .acknowledgementShutdownTimeout(GRACE))
        .build();
  }

  @Bean
  ApplicationListener<ApplicationReadyEvent> whenReady(ReadyFile readyFile) {
    return _ -> readyFile.create();
  }

  @Bean
  ApplicationListener<ContextClosedEvent> whenClosing(ReadyFile readyFile) {
    return _ -> readyFile.delete();
  }
}
