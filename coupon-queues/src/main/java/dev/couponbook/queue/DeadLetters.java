package dev.couponbook.queue;

import dev.couponbook.command.UndecodableMessageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Gatherers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * A queue of dead letters, looked through from time to time. No listener takes dead letters: it
 * would keep them hidden from the operators for whom they are kept. Here each letter is judged and,
 * unless it has done its work or goes back to its queue, is visible again at once.
 */
public final class DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
  private static final int RECEIVE = 10; // the most that SQS gives in one call
  // While a round holds letters, they are hidden from operators; the next round is soon.
  private static final int MOST_RECEIVES = 100;
  // What a program that dies in the middle of a round keeps hidden, it hides no longer than this.
  private static final int HIDDEN_SECONDS = 60;
  // Before the first letters that a round took become visible again by themselves.
  private static final Duration LONGEST_ROUND = Duration.ofSeconds(20);

  private final SqsAsyncClient sqs;
  private final String name;
  private final String sourceUrl;
  private final String url;
  private final Judge judge;
  private Map<String, String> told = new HashMap<>();

  /** What becomes of a letter. */
  public enum Verdict {
    /** It stays, visible, for the operators. */
    KEPT,
    /** It was not at fault, and goes back to the queue from which it came. */
    SENT_BACK,
    /** Its work is done, and it is deleted. */
    DONE
  }

  /** Decides about one letter. */
  @FunctionalInterface
  public interface Judge {
    /**
     * Writes whatever outcome the letter needs, and says what becomes of it.
     *
     * @throws UndecodableMessageException if this is not a message of the queue: it is kept
     * @throws RuntimeException if the letter cannot be judged now: it is kept until the next round
     */
    Verdict judge(String body);
  }

  /** How many letters of a round met which end. */
  public record Round(int kept, int sentBack, int done) {}

  /**
   * @param source the queue from which the letters came
   * @param dead the queue in which they are
   * @throws IllegalStateException if there is no such queue
   */
  public DeadLetters(SqsAsyncClient sqs, String source, String dead, Judge judge) {
    this.sqs = sqs;
    this.name = dead;
    this.sourceUrl = QueueUrl.of(sqs, source);
    this.url = QueueUrl.of(sqs, dead);
    this.judge = judge;
  }

  /** Looks through the letters once. */
  public Round lookThrough() {
    long began = System.nanoTime();
    var letters = receive();
    var kept = new ArrayList<>(letters);
    var toldNow = new HashMap<String, String>();
    int sentBack = 0;
    int done = 0;
    try {
      for (var letter : letters) {
        if (System.nanoTime() - began > LONGEST_ROUND.toNanos()) {
          toldNow.putAll(told);
          break;
        }
        switch (judged(letter, toldNow)) {
          case KEPT -> {}
          case SENT_BACK -> {
            sendBack(letter);
            kept.remove(letter);
            sentBack++;
          }
          case DONE -> {
            delete(letter);
            kept.remove(letter);
            done++;
          }
        }
      }
      return new Round(kept.size(), sentBack, done);
    } finally {
      told = toldNow;
      giveBack(kept);
    }
  }

  private List<Message> receive() {
    var letters = new ArrayList<Message>();
    for (int i = 0; i < MOST_RECEIVES; i++) {
      var received =
          sqs.receiveMessage(r ->
                  r.queueUrl(url)
                      .maxNumberOfMessages(RECEIVE)
                      .visibilityTimeout(HIDDEN_SECONDS)
                      .messageAttributeNames("All")
                      .messageSystemAttributeNames(MessageSystemAttributeName.MESSAGE_GROUP_ID))
              .join()
              .messages();
      if (received.isEmpty()) {
        break;
      }
      letters.addAll(received);
    }
    return letters;
  }

  // One letter that cannot be judged must not keep the others from being judged.
  private Verdict judged(Message letter, Map<String, String> toldNow) {
    try {
      return judge.judge(letter.body());
    } catch (UndecodableMessageException e) {
      tell(letter, "it cannot be read, so nobody can be answered: " + e.getMessage(), toldNow);
    } catch (RuntimeException e) {
      tell(letter, "it cannot be dealt with now, and is tried again: " + e, toldNow);
    }
    return Verdict.KEPT;
  }

  // Once per letter and reason, not in each round.
  private void tell(Message letter, String reason, Map<String, String> toldNow) {
    toldNow.put(letter.messageId(), reason);
    if (!reason.equals(told.get(letter.messageId()))) {
      LOG.warn("letter {} stays in {}: {}", letter.messageId(), name, reason);
    }
  }

  /**
   * Sends before it deletes: if the program dies in between, the message is there twice, which is
   * harmless.
   */
  private void sendBack(Message letter) {
    sqs.sendMessage(m ->
            m.queueUrl(sourceUrl)
                .messageBody(letter.body())
                .messageAttributes(letter.messageAttributes())
                .messageGroupId(
                    letter.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID)))
        .join();
    delete(letter);
    LOG.warn(
        "letter {} of {} goes back to its queue: the processes that had it died, but the message"
            + " itself did not fail",
        letter.messageId(),
        name);
  }

  private void delete(Message letter) {
    sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle(letter.receiptHandle())).join();
  }

  private void giveBack(List<Message> letters) {
    for (var batch : letters.stream().gather(Gatherers.windowFixed(RECEIVE)).toList()) {
      var entries = new ArrayList<ChangeMessageVisibilityBatchRequestEntry>();
      for (int i = 0; i < batch.size(); i++) {
        entries.add(
            ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(Integer.toString(i))
                .receiptHandle(batch.get(i).receiptHandle())
                .visibilityTimeout(0)
                .build());
      }
      sqs.changeMessageVisibilityBatch(r -> r.queueUrl(url).entries(entries)).join();
    }
  }
}
