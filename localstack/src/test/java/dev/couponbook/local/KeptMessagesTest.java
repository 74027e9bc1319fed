package dev.couponbook.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** What the embedded queues have after a restart: what they had before it, each message once. */
@Tag("slow")
class KeptMessagesTest {
  private static final String SOURCE = "coupon-uploads";
  private static final String DEAD = "coupon-uploads-dead";
  private static final int RECEIVES = 5;

  @TempDir Path data;
  private final Resources resources = Resources.load();
  private HomeDirectory home;
  private HomeFile file;

  @BeforeEach
  void make() {
    home = new HomeDirectory(data);
    home.create();
    file = HomeFile.open(home, HomeTerms.embedded(FreePorts.base()), resources);
  }

  /** One run of the queues, from a start to a stop. */
  private void run(Consumer<HomeClients> part) throws Exception {
    try (var _ = QueueServer.start(home, file, resources);
        var clients = new HomeClients(file)) {
      part.accept(clients);
    }
  }

  private static List<Message> receive(
      HomeClients clients, String queue, int hiddenSeconds, int waitSeconds) {
    return clients
        .sqs
        .receiveMessage(r ->
            r.queueUrl(clients.queueUrl(queue))
                .maxNumberOfMessages(10)
                .visibilityTimeout(hiddenSeconds)
                .waitTimeSeconds(waitSeconds)
                .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  /** What lies in the queue, left there. */
  private static List<String> lying(HomeClients clients, String queue) {
    return receive(clients, queue, 0, 0).stream().map(Message::body).sorted().toList();
  }

  /** Receives the messages of the queue as often as it allows, and then once more. */
  private static void makeDead(HomeClients clients, int waitSeconds) {
    for (int i = 0; i < RECEIVES; i++) {
      assertThat(receive(clients, SOURCE, 0, 0)).isNotEmpty();
    }
    assertThat(receive(clients, SOURCE, 0, waitSeconds)).isEmpty();
  }

  private static void delete(HomeClients clients, String queue, Message message) {
    clients.sqs.deleteMessage(
        r -> r.queueUrl(clients.queueUrl(queue)).receiptHandle(message.receiptHandle()));
  }

  @Test
  void a_dead_letter_stays_one_and_is_there_once() throws Exception {
    run(clients -> {
      clients.send(SOURCE, "a");
      makeDead(clients, 0);
      clients.send(SOURCE, "b");
      // As our programs receive: the call waits, and ends without a message.
      makeDead(clients, 1);
      assertThat(lying(clients, DEAD)).containsExactly("a", "b");
    });
    for (int i = 0; i < 3; i++) {
      run(clients -> {
        assertThat(lying(clients, SOURCE)).isEmpty();
        assertThat(lying(clients, DEAD)).containsExactly("a", "b");
      });
    }
  }

  @Test
  void a_letter_that_was_sent_back_does_not_come_back_by_itself() throws Exception {
    run(clients -> {
      clients.send(SOURCE, "a");
      makeDead(clients, 1);
      var letter = receive(clients, DEAD, 30, 0).getFirst();
      clients.send(SOURCE, letter.body());
      delete(clients, DEAD, letter);
      delete(clients, SOURCE, receive(clients, SOURCE, 30, 0).getFirst());
    });
    run(clients -> {
      assertThat(lying(clients, SOURCE)).isEmpty();
      assertThat(lying(clients, DEAD)).isEmpty();
    });
  }

  @Test
  void a_message_deleted_at_its_last_receive_is_gone() throws Exception {
    run(clients -> {
      clients.send(SOURCE, "a");
      for (int i = 1; i < RECEIVES; i++) {
        assertThat(receive(clients, SOURCE, 0, 0)).hasSize(1);
      }
      delete(clients, SOURCE, receive(clients, SOURCE, 30, 0).getFirst());
    });
    run(clients -> assertThat(lying(clients, SOURCE)).isEmpty());
  }

  @Test
  void what_comes_after_a_restart_is_kept_too_whatever_became_of_old_letters() throws Exception {
    run(clients -> {
      clients.send(SOURCE, "a");
      makeDead(clients, 1);
    });
    run(clients -> {
      // If its letter were in both queues, this would move it once more.
      assertThat(receive(clients, SOURCE, 0, 1)).isEmpty();
      clients.send("coupon-commands", "accepted");
    });
    run(clients -> assertThat(lying(clients, "coupon-commands")).containsExactly("accepted"));
  }

  @Test
  void receives_groups_attributes_and_times_are_kept() throws Exception {
    var before = new ArrayList<Message>();
    run(clients -> {
      clients.sqs.sendMessage(
          r -> r.queueUrl(clients.queueUrl(SOURCE)).messageBody("ä\u2028z").messageGroupId("7"));
      makeDead(clients, 1);
      before.addAll(receive(clients, DEAD, 0, 0));
    });
    run(clients -> {
      var after = receive(clients, DEAD, 0, 0).getFirst();
      assertThat(after.messageId()).isEqualTo(before.getFirst().messageId());
      assertThat(after.body()).isEqualTo("ä\u2028z");
      for (var name :
          List.of(
              MessageSystemAttributeName.MESSAGE_GROUP_ID,
              MessageSystemAttributeName.SENT_TIMESTAMP,
              MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP,
              MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN)) {
        assertThat(after.attributes().get(name))
            .as("%s", name)
            .isNotNull()
            .isEqualTo(before.getFirst().attributes().get(name));
      }
      assertThat(after.attributes())
          .containsEntry(
              MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, Integer.toString(RECEIVES + 2));
    });
  }
}
