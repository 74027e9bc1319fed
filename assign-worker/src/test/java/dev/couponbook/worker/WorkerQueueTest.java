package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.couponbook.command.AssignAny;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandEnvelope;
import dev.couponbook.command.CommandEnvelope.Enclosed;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.CreateBook;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookTerms;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.CommandTries;
import dev.couponbook.store.read.HearOutcomes;
import dev.couponbook.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The whole worker between a real queue and a real database. */
@Tag("slow")
class WorkerQueueTest {
  // Messages become dead letters quickly here: after three receives, three seconds apart.
  private static final int RECEIVES = 3;
  private static final String VISIBILITY_SECONDS = "3";

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private final Map<String, String> sdkSettings = new HashMap<>();

  @SuppressWarnings("NullAway.Init")
  private SQSRestServer server;

  @SuppressWarnings("NullAway.Init")
  private SqsAsyncClient sqs;

  @SuppressWarnings("NullAway.Init")
  private String commands;

  @SuppressWarnings("NullAway.Init")
  private String deadLetters;

  @BeforeEach
  void startQueues() {
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(0).start();
    int port = server.waitUntilStarted().localAddress().getPort();
    sdkSettings.put("aws.region", "eu-central-1");
    sdkSettings.put("aws.accessKeyId", "local");
    sdkSettings.put("aws.secretAccessKey", "local");
    sdkSettings.put("aws.endpointUrlSqs", "http://127.0.0.1:" + port);
    sdkSettings.forEach(System::setProperty);
    sqs = SqsAsyncClient.create();
    deadLetters =
        createQueue(
            "coupon-commands-dead",
            Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, VISIBILITY_SECONDS));
    commands =
        createQueue(
            "coupon-commands",
            Map.of(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                VISIBILITY_SECONDS,
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:elasticmq:000000000000:coupon-commands-dead\",\"maxReceiveCount\":"
                    + RECEIVES
                    + "}"));
  }

  @AfterEach
  void stopQueues() {
    sqs.close();
    server.stopAndWait();
    sdkSettings.keySet().forEach(System::clearProperty);
  }

  private String createQueue(String name, Map<QueueAttributeName, String> attributes) {
    return sqs.createQueue(q -> q.queueName(name).attributes(attributes)).join().queueUrl();
  }

  private ConfigurableApplicationContext worker() {
    return Worker.start(
        Map.of(
            "COUPON_DB_URL", database.url(),
            "COUPON_DB_PASSWORD", database.password(),
            "COUPON_WORKER_DEAD_LETTER_SECONDS", "1",
            "COUPON_READY_FILE", readyFile().toString()));
  }

  private Path readyFile() {
    return folder.resolve("worker.ready");
  }

  private void send(String body) {
    sqs.sendMessage(m -> m.queueUrl(commands).messageBody(body)).join();
  }

  private int waiting(String queue) {
    return count(
        queue,
        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
  }

  private int count(String queue, QueueAttributeName... names) {
    var attributes =
        sqs.getQueueAttributes(q -> q.queueUrl(queue).attributeNames(names)).join().attributes();
    return Stream.of(names)
        .mapToInt(name -> Integer.parseInt(attributes.getOrDefault(name, "0")))
        .sum();
  }

  @Test
  void commands_are_answered_and_deleted_while_bad_ones_become_dead_letters_alone() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 300);
    var good = new ArrayList<CommandMessage>();
    for (int i = 0; i < 250; i++) {
      good.add(
          Asks.message(
              book.partner(), new AssignAny(new BookId(book.id()), new Email("user" + i + "@x"))));
    }
    // Longer than the edge lets a name be: a constraint refuses it each time.
    var failing =
        Asks.message(
            book.partner(),
            new CreateBook("x".repeat(201), new BookTerms(0, 1, null, null, 600), null));
    send("not a command");
    good.forEach(command -> send(CommandCodec.encode(command)));
    send(CommandCodec.encode(failing));
    try (var _ = worker()) {
      assertThat(readyFile()).exists();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> database.number("SELECT count(*) FROM command_outcome") == 251);
      await().atMost(Duration.ofSeconds(30)).until(() -> waiting(commands) == 0);
      await("the letters, for operators to see while the worker runs")
          .atMost(Duration.ofSeconds(30))
          .until(() -> count(deadLetters, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES) == 2);
    }
    assertThat(readyFile()).doesNotExist();
    assertThat(database.number("SELECT count(*) FROM coupon WHERE state = 'assigned'"))
        .isEqualTo(250);
    assertThat(
            database.number(
                "SELECT count(*) FROM command_outcome WHERE parked AND request_id = ?",
                failing.requestId().value()))
        .isEqualTo(1);
    assertThat(waiting(deadLetters)).as("the letters stay for the operators").isEqualTo(2);
  }

  private static Enclosed enclosed(String message) {
    return new Enclosed("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", message);
  }

  @Test
  void in_an_envelope_too_bad_ones_fail_alone_and_become_letters_of_one_command() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 100);
    var failing =
        Asks.message(
            book.partner(),
            new CreateBook("x".repeat(201), new BookTerms(0, 1, null, null, 600), null));
    var good =
        IntStream.range(0, 60)
            .mapToObj(i ->
                Asks.message(
                    book.partner(),
                    new AssignAny(new BookId(book.id()), new Email("user" + i + "@x"))))
            .toList();
    var readable =
        Stream.concat(good.subList(0, 30).stream(), Stream.of(failing))
            .map(command -> enclosed(CommandCodec.encode(command)));
    send(CommandEnvelope.write(readable.toList()));
    // A kind of command that only newer workers know.
    var unreadable = CommandCodec.encode(failing).replace("create_book", "burn_book");
    var half = good.subList(30, 60).stream().map(command -> enclosed(CommandCodec.encode(command)));
    send(CommandEnvelope.write(Stream.concat(half, Stream.of(enclosed(unreadable))).toList()));
    try (var _ = worker()) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> database.number("SELECT count(*) FROM command_outcome") == 61);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> count(deadLetters, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES) == 2);
      await().atMost(Duration.ofSeconds(30)).until(() -> waiting(commands) == 0);
    }
    assertThat(database.number("SELECT count(*) FROM coupon WHERE state = 'assigned'"))
        .isEqualTo(60);
    var letters =
        sqs.receiveMessage(r ->
                r.queueUrl(deadLetters)
                    .maxNumberOfMessages(10)
                    .waitTimeSeconds(5)
                    .messageAttributeNames("traceparent"))
            .join()
            .messages();
    assertThat(letters)
        .extracting(Message::body)
        .containsExactlyInAnyOrder(CommandCodec.encode(failing), unreadable);
    assertThat(letters).allMatch(letter -> letter.messageAttributes().containsKey("traceparent"));
  }

  @Test
  void an_envelope_whose_workers_died_comes_back_as_its_commands() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 20);
    var inside =
        IntStream.range(0, 20)
            .mapToObj(i ->
                Asks.message(
                    book.partner(),
                    new AssignAny(new BookId(book.id()), new Email("user" + i + "@x"))))
            .toList();
    send(
        CommandEnvelope.write(
            inside.stream().map(command -> enclosed(CommandCodec.encode(command))).toList()));
    receiveAndDie();
    try (var _ = worker()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> database.number("SELECT count(*) FROM command_outcome") == 20);
      await().atMost(Duration.ofSeconds(10)).until(() -> waiting(commands) == 0);
    }
    assertThat(database.number("SELECT count(DISTINCT code) FROM coupon WHERE holder IS NOT NULL"))
        .isEqualTo(20);
    assertThat(waiting(deadLetters)).isZero();
  }

  @Test
  void whoever_is_named_hears_of_the_outcomes() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 2);
    var asked =
        IntStream.range(0, 2)
            .mapToObj(i ->
                Asks.message(
                    book.partner(),
                    new AssignAny(new BookId(book.id()), new Email("user" + i + "@x"))))
            .toList();
    var address = HearOutcomes.newAddress();
    try (var connection = database.as("coupon_edge").getConnection()) {
      var outcomes = new HearOutcomes(connection, address);
      sqs.sendMessage(m ->
              m.queueUrl(commands)
                  .messageBody(
                      CommandEnvelope.write(
                          asked.stream().map(c -> enclosed(CommandCodec.encode(c))).toList()))
                  .messageAttributes(
                      Map.of(
                          CommandEnvelope.ANSWER_TO,
                          MessageAttributeValue.builder()
                              .dataType("String")
                              .stringValue(address)
                              .build())))
          .join();
      var heard = new HashSet<RequestId>();
      try (var _ = worker()) {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> {
              heard.addAll(outcomes.next(Duration.ofSeconds(1)));
              return heard.size() == 2;
            });
      }
      assertThat(heard)
          .containsExactlyInAnyOrderElementsOf(
              asked.stream().map(CommandMessage::requestId).toList());
    }
  }

  /** What SQS sees when a worker takes a message and dies. */
  private void receiveAndDie() {
    for (int i = 0; i < RECEIVES; i++) {
      var handle =
          sqs.receiveMessage(r -> r.queueUrl(commands).waitTimeSeconds(5))
              .join()
              .messages()
              .getFirst()
              .receiptHandle();
      sqs.changeMessageVisibility(
              v -> v.queueUrl(commands).receiptHandle(handle).visibilityTimeout(0))
          .join();
    }
    assertThat(sqs.receiveMessage(r -> r.queueUrl(commands)).join().messages()).isEmpty();
    assertThat(waiting(deadLetters)).isEqualTo(1);
  }

  @Test
  void a_command_whose_workers_died_is_not_parked_but_done() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 1);
    var healthy =
        Asks.message(book.partner(), new AssignAny(new BookId(book.id()), new Email("ann@x")));
    send(CommandCodec.encode(healthy));
    receiveAndDie();
    try (var _ = worker()) {
      await().atMost(Duration.ofSeconds(30)).until(() -> answers(healthy) == 1);
      await().atMost(Duration.ofSeconds(10)).until(() -> waiting(commands) == 0);
    }
    assertThat(new Asks(database).answer(healthy).status()).isEqualTo(200);
    assertThat(waiting(deadLetters)).isZero();
  }

  // Each of its tries was counted before it began, and none of them ended.
  @Test
  void a_command_that_kills_its_worker_is_parked_too() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 1);
    var deadly =
        Asks.message(book.partner(), new AssignAny(new BookId(book.id()), new Email("ann@x")));
    for (int i = 0; i < RECEIVES; i++) {
      new Transactions(database.as("coupon_worker"))
          .run(c -> {
            CommandTries.count(c, deadly.requestId());
          });
    }
    send(CommandCodec.encode(deadly));
    receiveAndDie();
    try (var _ = worker()) {
      await().atMost(Duration.ofSeconds(30)).until(() -> answers(deadly) == 1);
    }
    assertThat(new Asks(database).answer(deadly).status()).isEqualTo(500);
    assertThat(waiting(deadLetters)).as("for the operators").isEqualTo(1);
  }

  private long answers(CommandMessage command) {
    return database.number(
        "SELECT count(*) FROM command_outcome WHERE request_id = ?", command.requestId().value());
  }

  @Test
  void a_missing_queue_is_named_at_the_start() throws IOException {
    sqs.deleteQueue(q -> q.queueUrl(deadLetters)).join();
    assertThat(catchThrowable(this::worker)).hasStackTraceContaining("coupon-commands-dead");
    assertThat(Files.exists(readyFile())).isFalse();
  }
}
