package dev.couponbook.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.queue.DeadLetters.Round;
import dev.couponbook.queue.DeadLetters.Verdict;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.PurgeQueueRequest;

class DeadLettersTest {
  private static SQSRestServer server;
  private static SqsAsyncClient sqs;
  private static String source;
  private static String dead;

  @BeforeAll
  static void startQueues() {
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(0).start();
    int port = server.waitUntilStarted().localAddress().getPort();
    sqs =
        SqsAsyncClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + port))
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .build();
    source = sqs.createQueue(q -> q.queueName("work")).join().queueUrl();
    dead = sqs.createQueue(q -> q.queueName("work-dead")).join().queueUrl();
  }

  @AfterAll
  static void stopQueues() {
    sqs.close();
    server.stopAndWait();
  }

  @BeforeEach
  void empty() {
    List.of(source, dead)
        .forEach(url -> sqs.purgeQueue(PurgeQueueRequest.builder().queueUrl(url).build()).join());
  }

  private static void letter(String body) {
    sqs.sendMessage(m ->
            m.queueUrl(dead)
                .messageBody(body)
                .messageGroupId("7")
                .messageAttributes(Map.of("trace", text("t-1"))))
        .join();
  }

  private static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  /** What an operator sees at this moment, and leaves there. */
  private static List<Message> visible(String url) {
    return sqs.receiveMessage(r ->
            r.queueUrl(url)
                .maxNumberOfMessages(10)
                .visibilityTimeout(0)
                .messageAttributeNames("All")
                .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .join()
        .messages();
  }

  private static List<String> bodies(String url) {
    return visible(url).stream().map(Message::body).sorted().toList();
  }

  @Test
  void whatever_is_kept_is_visible_at_once_however_it_was_judged() {
    letter("kept");
    letter("cannot be read");
    letter("cannot be judged now");
    letter("done");
    var letters =
        new DeadLetters(
            sqs,
            "work",
            "work-dead",
            body ->
                switch (body) {
                  case "kept" -> Verdict.KEPT;
                  case "done" -> Verdict.DONE;
                  case "cannot be read" -> throw new UndecodableMessageException("not a command");
                  default -> throw new IllegalStateException("the database is away");
                });
    assertThat(letters.lookThrough()).isEqualTo(new Round(3, 0, 1));
    assertThat(bodies(dead)).containsExactly("cannot be judged now", "cannot be read", "kept");
    assertThat(letters.lookThrough()).isEqualTo(new Round(3, 0, 0));
    assertThat(bodies(dead)).hasSize(3);
    assertThat(bodies(source)).isEmpty();
  }

  @Test
  void a_letter_goes_back_with_its_attributes_and_its_group() {
    letter("unlucky");
    assertThat(new DeadLetters(sqs, "work", "work-dead", _ -> Verdict.SENT_BACK).lookThrough())
        .isEqualTo(new Round(0, 1, 0));
    assertThat(bodies(dead)).isEmpty();
    assertThat(visible(source))
        .singleElement()
        .satisfies(message -> {
          assertThat(message.body()).isEqualTo("unlucky");
          assertThat(message.attributes())
              .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "7");
          assertThat(message.messageAttributes()).containsEntry("trace", text("t-1"));
        });
  }

  @Test
  void many_letters_are_looked_through_in_one_round() {
    for (int i = 0; i < 25; i++) {
      letter("letter " + i);
    }
    assertThat(new DeadLetters(sqs, "work", "work-dead", _ -> Verdict.KEPT).lookThrough())
        .isEqualTo(new Round(25, 0, 0));
    assertThat(bodies(dead)).hasSize(10);
  }

  @Test
  void a_missing_queue_is_named() {
    assertThatThrownBy(() -> new DeadLetters(sqs, "work", "nowhere", _ -> Verdict.KEPT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("There is no queue nowhere");
  }
}
