package dev.couponbook.ingest;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.couponbook.ingest.job.JobConfiguration;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.ingest.settings.IngestSettings;
import dev.couponbook.postgres.SurviveFailover;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.program.Metrics;
import dev.couponbook.program.ReadyFile;
import io.awspring.cloud.sqs.config.SqsBootstrapConfiguration;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.QueueNotFoundStrategy;
import io.awspring.cloud.sqs.listener.SqsContainerOptionsBuilder;
import io.awspring.cloud.sqs.listener.acknowledgement.handler.AcknowledgementMode;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.time.Duration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.PlatformTransactionManager;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The parts of the program that are not its own: database, queues, bucket. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@Import({SqsBootstrapConfiguration.class, JobConfiguration.class})
class IngestConfiguration {
  // A part ends at its next chunk, which takes a second or two.
  private static final Duration GRACE = Duration.ofSeconds(15);

  @Bean
  HikariDataSource pool(IngestSettings settings) {
    var config = new HikariConfig();
    config.setPoolName("ingest");
    config.setJdbcUrl(settings.database().url());
    config.setUsername(settings.database().user());
    config.setPassword(settings.database().password());
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(2);
    config.setConnectionTimeout(10_000);
    config.setInitializationFailTimeout(-1); // programs start in any order
    SurviveFailover.with(config);
    config.addDataSourceProperty("ApplicationName", "ingest-batch");
    config.addDataSourceProperty("connectTimeout", "5");
    // Long enough for a chunk that waits for the codes of another.
    config.addDataSourceProperty("socketTimeout", "120");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return new HikariDataSource(config);
  }

  @Bean
  Transactions transactions(HikariDataSource pool) {
    return new Transactions(pool);
  }

  @Bean
  PlatformTransactionManager transactionManager(HikariDataSource pool) {
    return new JdbcTransactionManager(pool);
  }

  @Bean
  S3Client s3(IngestSettings settings) {
    return S3Client.builder().forcePathStyle(settings.s3PathStyle()).build();
  }

  @Bean
  FileStore files(S3Client s3, IngestSettings settings) {
    return new FileStore(s3, settings.bucket());
  }

  /**
   * Spring Batch does not get the registry: its timers for every item would cost more than the
   * items.
   */
  @Bean
  Metrics metrics(IngestSettings settings) {
    return new Metrics(settings.metrics());
  }

  @Bean
  LoadMeters meters(Metrics metrics) {
    return new LoadMeters(metrics.registry());
  }

  @Bean
  SqsAsyncClient sqs() {
    return SqsAsyncClient.create();
  }

  @Bean
  SqsTemplate sqsTemplate(SqsAsyncClient sqs) {
    return SqsTemplate.builder()
        .sqsAsyncClient(sqs)
        .configure(options -> options.queueNotFoundStrategy(QueueNotFoundStrategy.FAIL))
        .build();
  }

  @Bean
  SqsMessageListenerContainerFactory<String> listeners(
      SqsAsyncClient sqs, IngestSettings settings) {
    return listenerFactory(sqs, settings, 4, 4);
  }

  // One message per poll: another process could work on a part that waits in this one.
  @Bean
  SqsMessageListenerContainerFactory<String> partListeners(
      SqsAsyncClient sqs, IngestSettings settings) {
    return listenerFactory(sqs, settings, settings.workers(), 1);
  }

  private static SqsMessageListenerContainerFactory<String> listenerFactory(
      SqsAsyncClient sqs, IngestSettings settings, int atOnce, int perPoll) {
    return SqsMessageListenerContainerFactory.<String>builder()
        .sqsAsyncClient(sqs)
        .configure(options -> configure(options, settings, atOnce, perPoll))
        .build();
  }

  private static void configure(
      SqsContainerOptionsBuilder options, IngestSettings settings, int atOnce, int perPoll) {
    options
        .acknowledgementMode(AcknowledgementMode.MANUAL)
        // Acknowledged at once, so that none is left unsent at the end.
        .acknowledgementInterval(Duration.ZERO)
        .acknowledgementThreshold(0)
        .queueNotFoundStrategy(QueueNotFoundStrategy.FAIL)
        .maxConcurrentMessages(atOnce)
        .maxMessagesPerPoll(perPoll)
        .pollTimeout(settings.longPoll())
        .listenerShutdownTimeout(GRACE)
        .acknowledgementShutdownTimeout(GRACE);
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
