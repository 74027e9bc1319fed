package dev.couponbook.worker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.couponbook.postgres.SurviveFailover;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.program.Metrics;
import dev.couponbook.program.ReadyFile;
import dev.couponbook.queue.QueueUrl;
import io.awspring.cloud.sqs.MessageExecutionThreadFactory;
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
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** How the worker is put together. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@Import(SqsBootstrapConfiguration.class)
class WorkerConfiguration {
  // A stop waits for the poll that is under way. Twelve empty receives per minute cost nothing.
  private static final Duration LONG_POLL = Duration.ofSeconds(5);
  // The most that SQS gives in one call.
  private static final int RECEIVE = 10;
  // Unnoticed by anyone who waits for an answer, and at 1,000 commands per second enough for ten
  // per receive.
  private static final Duration GATHERING = Duration.ofMillis(10);
  // What is in hand is hidden from other workers: as much as is done in a second or two.
  private static final int TIMES_ALL_BATCHES = 2;
  // They hand messages over and never wait.
  private static final int LISTENER_THREADS = 2;
  // A batch takes milliseconds; whatever is still running after this is redelivered, which is
  // harmless.
  private static final Duration GRACE = Duration.ofSeconds(20);

  @Bean
  HikariDataSource pool(WorkerSettings settings) {
    var config = new HikariConfig();
    config.setPoolName("worker");
    config.setJdbcUrl(settings.database().url());
    config.setUsername(settings.database().user());
    config.setPassword(settings.database().password());
    // One for the dead letters.
    config.setMaximumPoolSize(settings.batches() + 1);
    config.setConnectionTimeout(5_000);
    // Programs start in any order.
    config.setInitializationFailTimeout(-1);
    SurviveFailover.with(config);
    config.addDataSourceProperty("ApplicationName", "assign-worker");
    config.addDataSourceProperty("connectTimeout", "5");
    // Shorter than the visibility of a message.
    config.addDataSourceProperty("socketTimeout", "40");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return new HikariDataSource(config);
  }

  @Bean
  Transactions transactions(HikariDataSource pool) {
    return new Transactions(pool);
  }

  @Bean
  Metrics metrics(WorkerSettings settings) {
    return new Metrics(settings.metrics());
  }

  @Bean
  WorkerMeters meters(Metrics metrics) {
    return new WorkerMeters(metrics.registry());
  }

  @Bean
  AnswerAddresses answerAddresses(Transactions transactions) {
    return new AnswerAddresses(transactions);
  }

  @Bean
  TakeApart takeApart(SqsAsyncClient sqs, WorkerSettings settings, Transactions transactions) {
    return new TakeApart(sqs, QueueUrl.of(sqs, settings.commands()), transactions);
  }

  @Bean
  CommandHandler commandHandler(
      Transactions transactions,
      WorkerSettings settings,
      AnswerAddresses addresses,
      WorkerMeters meters) {
    return new CommandHandler(transactions, settings.locksOfUser(), addresses, meters);
  }

  @Bean
  GatherBatches gatherBatches(CommandHandler handler, WorkerSettings settings) {
    return new GatherBatches(settings.batchSize(), settings.batches(), handler);
  }

  @Bean
  CommandListener commandListener(
      GatherBatches batches, AnswerAddresses addresses, TakeApart takeApart) {
    return new CommandListener(batches, addresses, takeApart);
  }

  @Bean
  ParkDeadLetters parkDeadLetters(
      SqsAsyncClient sqs, WorkerSettings settings, Transactions transactions, TakeApart takeApart) {
    return new ParkDeadLetters(
        sqs, settings.commands(), settings.deadLetters(), transactions, takeApart);
  }

  @Bean
  SqsAsyncClient sqs(WorkerMeters meters) {
    return SqsAsyncClient.builder()
        // What follows an answer waits for nothing, so it needs no other thread.
        .asyncConfiguration(async ->
            async.advancedOption(
                SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
        .overrideConfiguration(options -> options.addExecutionInterceptor(meters))
        .build();
  }

  @Bean
  ThreadPoolTaskExecutor listenerThreads() {
    var threads = new ThreadPoolTaskExecutor();
    // The container's own would be one thread per message in hand, each of them cold.
    threads.setCorePoolSize(LISTENER_THREADS);
    threads.setThreadFactory(new MessageExecutionThreadFactory("commands-"));
    return threads;
  }

  @Bean
  SqsMessageListenerContainerFactory<String> commands(
      SqsAsyncClient sqs,
      WorkerSettings settings,
      GatherBatches batches,
      ThreadPoolTaskExecutor listenerThreads) {
    int messages = Math.max(settings.batchSize() * settings.batches(), RECEIVE);
    return SqsMessageListenerContainerFactory.<String>builder()
        .sqsAsyncClient(sqs)
        .configure(options ->
            options
                .listenerMode(ListenerMode.BATCH)
                .acknowledgementMode(AcknowledgementMode.MANUAL)
                .queueNotFoundStrategy(QueueNotFoundStrategy.FAIL)
                .maxMessagesPerPoll(RECEIVE)
                .maxConcurrentMessages(messages)
                .componentsTaskExecutor(listenerThreads)
                .backPressureHandlerFactory(_ ->
                    new PacedPolls(
                        RECEIVE,
                        messages,
                        GATHERING,
                        () -> batches.inHand() >= TIMES_ALL_BATCHES * messages))
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
