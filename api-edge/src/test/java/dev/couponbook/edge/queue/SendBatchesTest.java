package dev.couponbook.edge.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
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
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;

class SendBatchesTest {
  private static SQSRestServer server;
  private static SqsAsyncClient sqs;

  /** How many messages each call had. */
  private static final List<Integer> CALLS = new CopyOnWriteArrayList<>();

  private SendBatches batches;
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
    batches = new SendBatches(sqs);
    CALLS.clear();
  }

  @Test
  void a_lone_message_goes_at_once() throws Exception {
    batches.send(queue, m -> m.messageBody("lone")).get(10, TimeUnit.SECONDS);
    assertThat(received(1)).containsExactly("lone");
    assertThat(CALLS).containsExactly(1);
  }

  @Test
  void many_arrive_once_each_and_share_calls() throws Exception {
    var bodies = IntStream.range(0, 500).mapToObj(i -> "message " + i).toList();
    var sent = bodies.stream().map(body -> batches.send(queue, m -> m.messageBody(body))).toList();
    CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
    assertThat(received(500)).containsExactlyInAnyOrderElementsOf(bodies);
    assertThat(CALLS).allMatch(messages -> messages <= 10);
    assertThat(CALLS.size()).isLessThan(100);
  }

  @Test
  void large_messages_do_not_make_a_call_too_large() throws Exception {
    var sent =
        IntStream.range(0, 12)
            .mapToObj(i -> batches.send(queue, m -> m.messageBody("x".repeat(100_000))))
            .toList();
    CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
    assertThat(received(12)).hasSize(12);
    assertThat(CALLS).allMatch(messages -> messages <= 2);
  }

  @Test
  void a_message_that_sqs_refuses_fails_alone() throws Exception {
    var sent = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 30; i++) {
      var body = i % 10 == 5 ? "\u0000" : "message " + i;
      sent.add(batches.send(queue, m -> m.messageBody(body)));
    }
    for (int i = 0; i < sent.size(); i++) {
      var one = sent.get(i);
      if (i % 10 == 5) {
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
      var lost = batches.send(missing, m -> m.messageBody("lost"));
      assertThatThrownBy(() -> lost.get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class);
    }
    sqs.createQueue(q -> q.queueName(missing.substring(missing.lastIndexOf('/') + 1))).join();
    batches.send(missing, m -> m.messageBody("found")).get(30, TimeUnit.SECONDS);
  }

  @Test
  void a_message_that_nobody_waits_for_any_more_is_not_sent() throws Exception {
    var sent =
        IntStream.range(0, 40)
            .mapToObj(i -> batches.send(queue, m -> m.messageBody("message " + i)))
            .toList();
    var given = sent.stream().filter(one -> one.cancel(false)).toList();
    var last = batches.send(queue, m -> m.messageBody("last"));
    last.get(10, TimeUnit.SECONDS);
    int calls = CALLS.stream().mapToInt(Integer::intValue).sum();
    assertThat(calls).isLessThan(41);
    assertThat(given).isNotEmpty();
    assertThat(received(calls)).contains("last");
  }

  private List<String> received(int count) {
    var bodies = new ArrayList<String>();
    while (bodies.size() < count) {
      var messages =
          sqs.receiveMessage(r -> r.queueUrl(queue).maxNumberOfMessages(10).waitTimeSeconds(1))
              .join()
              .messages();
      assertThat(messages).as("after %s of %s", bodies.size(), count).isNotEmpty();
      messages.stream().map(Message::body).forEach(bodies::add);
    }
    return bodies;
  }
}
