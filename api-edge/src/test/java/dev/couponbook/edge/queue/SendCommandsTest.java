package dev.couponbook.edge.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.command.CommandEnvelope;
import dev.couponbook.command.CommandEnvelope.Enclosed;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.queue.SendCommands.Outgoing;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;

class SendCommandsTest {
  private static SQSRestServer server;
  private static SqsAsyncClient sqs;

  /** How many messages each call had. */
  private static final List<Integer> CALLS = new CopyOnWriteArrayList<>();

  private static final int TOGETHER = 100;

  private SendCommands commands;
  private String queue;

  @BeforeAll
  static void start() {
    server = SQSRestServerBuilder.withDynamicPort().withInterface("127.0.0.1").start();
    int port = server.waitUntilStarted().localAddress().getPort();
    sqs =
        SqsAsyncClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + port))
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .overrideConfiguration(options -> options.addExecutionInterceptor(new CountMessages()))
            .build();
  }

  private static final class CountMessages implements ExecutionInterceptor {
    @Override
    public void beforeExecution(Context.BeforeExecution call, ExecutionAttributes attributes) {
      if (call.request() instanceof SendMessageBatchRequest batch) {
        CALLS.add(batch.entries().size());
      }
    }
  }

  @AfterAll
  static void stop() {
    sqs.close();
    server.stopAndWait();
  }

  @BeforeEach
  void begin() {
    var name = "commands-" + System.nanoTime();
    queue = sqs.createQueue(q -> q.queueName(name)).join().queueUrl();
    commands = new SendCommands(sqs);
    CALLS.clear();
  }

  private CompletableFuture<Void> send(int partner, String message) {
    return send(queue, partner, message);
  }

  private CompletableFuture<Void> send(String queueUrl, int partner, String message) {
    return commands.send(
        queueUrl, TOGETHER, new Outgoing(new PartnerId(partner), message, "00-t-s-01", null));
  }

  // Messages are plain JSON; which one it is stands in its only member.
  private static String message(int number) {
    return "{\"n\":" + number + "}";
  }

  private static void await(List<CompletableFuture<Void>> sent) throws Exception {
    CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
  }

  @Test
  void a_lone_command_goes_at_once_and_as_it_is() throws Exception {
    send(7, message(1)).get(10, TimeUnit.SECONDS);
    var message = received(1).getFirst();
    assertThat(message.body()).isEqualTo(message(1));
    assertThat(attribute(message, "traceparent")).isEqualTo("00-t-s-01");
    assertThat(message.attributes())
        .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "7");
    assertThat(CALLS).containsExactly(1);
  }

  @Test
  void many_arrive_once_each_and_share_messages() throws Exception {
    var sent = IntStream.range(0, 1_000).mapToObj(i -> send(7, message(i))).toList();
    await(sent);
    var messages = receivedUntil(1_000);
    assertThat(messages.stream().flatMap(message -> apart(message).stream()).map(Enclosed::message))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 1_000).mapToObj(SendCommandsTest::message).toList());
    assertThat(messages).allMatch(message -> apart(message).size() <= TOGETHER);
    assertThat(messages.size()).isLessThan(300);
    assertThat(CALLS).allMatch(inCall -> inCall <= 10);
  }

  @Test
  void after_company_the_first_command_waits_for_the_others() throws Exception {
    commands = new SendCommands(sqs, Duration.ofSeconds(2));
    var first = firstThatWaits();
    int before = CALLS.size();
    await(List.of(first, send(7, message(1))));
    assertThat(CALLS).hasSize(before + 1);
  }

  @Test
  void a_full_call_waits_for_nobody() throws Exception {
    commands = new SendCommands(sqs, Duration.ofSeconds(5));
    var first = firstThatWaits();
    var others = IntStream.range(0, TOGETHER).mapToObj(i -> send(7, message(i))).toList();
    first.get(3, TimeUnit.SECONDS);
    await(others);
  }

  // How many of fifty the last call carries is the machine's choice: in a few tries it is enough.
  private CompletableFuture<Void> firstThatWaits() throws Exception {
    for (int i = 0; i < 10; i++) {
      await(IntStream.range(0, 50).mapToObj(n -> send(7, message(n))).toList());
      var next = send(7, message(0));
      try {
        next.get(100, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        return next;
      }
    }
    throw new AssertionError("the first command after fifty never waited");
  }

  @Test
  void an_envelope_is_one_partners() throws Exception {
    var sent = IntStream.range(0, 300).mapToObj(i -> send(1 + i % 3, message(i % 3))).toList();
    await(sent);
    for (var message : receivedUntil(300)) {
      var group = message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID);
      assertThat(apart(message).stream().map(Enclosed::message))
          .containsOnly(message(Integer.parseInt(group) - 1));
    }
  }

  @Test
  void whoever_waits_is_named_beside_the_envelope() throws Exception {
    var sent = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 50; i++) {
      sent.add(
          commands.send(
              queue, TOGETHER, new Outgoing(new PartnerId(7), message(i), "00-t-s-01", "here")));
    }
    await(sent);
    assertThat(receivedUntil(50))
        .allMatch(message -> attribute(message, CommandEnvelope.ANSWER_TO).equals("here"));
  }

  @Test
  void large_commands_make_neither_a_message_nor_a_call_too_large() throws Exception {
    var large = "{\"n\":\"" + "x".repeat(50_000) + "\"}";
    var sent = IntStream.range(0, 30).mapToObj(_ -> send(7, large)).toList();
    await(sent);
    assertThat(receivedUntil(30)).allMatch(message -> message.body().length() < 64 * 1024);
    assertThat(CALLS).allMatch(messages -> messages <= 4);
  }

  @Test
  void what_sqs_refuses_fails_and_what_comes_later_does_not() throws Exception {
    var refused = send(7, "\u0000");
    assertThatThrownBy(() -> refused.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    send(7, message(2)).get(10, TimeUnit.SECONDS);
    assertThat(received(1).getFirst().body()).isEqualTo(message(2));
  }

  @Test
  void what_sqs_refuses_fails_alone_in_its_call() throws Exception {
    var sent = new ArrayList<CompletableFuture<Void>>();
    for (int partner = 1; partner <= 30; partner++) {
      sent.add(send(partner, partner % 10 == 5 ? "\u0000" : message(partner)));
    }
    for (int i = 0; i < sent.size(); i++) {
      var one = sent.get(i);
      if ((i + 1) % 10 == 5) {
        assertThatThrownBy(() -> one.get(10, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class);
      } else {
        one.get(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void a_queue_that_fails_does_not_stop_what_comes_later() throws Exception {
    var missing = queue + "-missing";
    for (int i = 0; i < 5; i++) {
      var lost = send(missing, 7, message(i));
      assertThatThrownBy(() -> lost.get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class);
    }
    sqs.createQueue(q -> q.queueName(missing.substring(missing.lastIndexOf('/') + 1))).join();
    send(missing, 7, message(5)).get(30, TimeUnit.SECONDS);
  }

  @Test
  void a_command_that_nobody_waits_for_any_more_is_not_sent() throws Exception {
    var sent = IntStream.range(0, 40).mapToObj(i -> send(7, message(i))).toList();
    var given = sent.stream().filter(one -> one.cancel(false)).toList();
    send(7, message(40)).get(10, TimeUnit.SECONDS);
    assertThat(given).isNotEmpty();
    // All but what was on its way when it was cancelled.
    var arrived = receivedUntilLast(message(40));
    assertThat(arrived.size()).isLessThan(41);
  }

  private static String attribute(Message message, String name) {
    return Objects.requireNonNull(message.messageAttributes().get(name), name).stringValue();
  }

  private static List<Enclosed> apart(Message message) {
    return CommandEnvelope.takeApart(message.body())
        .orElseGet(() -> List.of(new Enclosed(null, message.body())));
  }

  private List<Message> received(int messages) {
    var all = new ArrayList<Message>();
    while (all.size() < messages) {
      all.addAll(receive());
    }
    return all;
  }

  private List<Message> receivedUntil(int commands) {
    var all = new ArrayList<Message>();
    while (all.stream().mapToInt(message -> apart(message).size()).sum() < commands) {
      all.addAll(receive());
    }
    return all;
  }

  private List<String> receivedUntilLast(String last) {
    var all = new ArrayList<String>();
    while (!all.contains(last)) {
      receive().forEach(message -> apart(message).forEach(one -> all.add(one.message())));
    }
    return all;
  }

  private List<Message> receive() {
    var messages =
        sqs.receiveMessage(r ->
                r.queueUrl(queue)
                    .maxNumberOfMessages(10)
                    .waitTimeSeconds(1)
                    .messageAttributeNames("All")
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
            .join()
            .messages();
    assertThat(messages).as("there is no more").isNotEmpty();
    return messages;
  }
}
