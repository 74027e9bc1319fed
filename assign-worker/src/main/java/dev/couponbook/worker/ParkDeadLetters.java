package dev.couponbook.worker;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.CommandLog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * Answers the requests of dead letters, so that none stays queued for ever. The letters stay in
 * their queue, and visible: operators look at them there, and send them back. That is why no
 * listener takes them, which would keep them hidden all the time.
 */
class ParkDeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(ParkDeadLetters.class);
  private static final int RECEIVE = 10; // the most that SQS gives in one call
  // What a run holds is hidden from operators meanwhile; there is another run soon.
  private static final int MOST_RECEIVES = 100;

  private final SqsAsyncClient sqs;
  private final String url;
  private final Transactions transactions;
  private final CommandLog commandLog = new CommandLog();
  private Set<String> unreadable = new HashSet<>();

  /**
   * @throws IllegalStateException if there is no such queue
   */
  ParkDeadLetters(SqsAsyncClient sqs, String queue, Transactions transactions) {
    this.sqs = sqs;
    this.url = urlOf(sqs, queue);
    this.transactions = transactions;
  }

  private static String urlOf(SqsAsyncClient sqs, String queue) {
    try {
      return sqs.getQueueUrl(q -> q.queueName(queue)).join().queueUrl();
    } catch (CompletionException e) {
      if (e.getCause() instanceof QueueDoesNotExistException) {
        throw new IllegalStateException("There is no queue " + queue, e);
      }
      throw e;
    }
  }

  /**
   * Looks through the dead letters once.
   *
   * @return how many requests were answered
   */
  @Scheduled(fixedDelay = 10_000)
  int runOnce() {
    var letters = receive();
    try {
      var seen = new HashSet<String>();
      int parked = 0;
      for (var letter : letters) {
        parked += park(letter, seen) ? 1 : 0;
      }
      unreadable = seen;
      return parked;
    } finally {
      giveBack(letters);
    }
  }

  private List<Message> receive() {
    var letters = new ArrayList<Message>();
    for (int i = 0; i < MOST_RECEIVES; i++) {
      var received =
          sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(RECEIVE)).join().messages();
      if (received.isEmpty()) {
        break;
      }
      letters.addAll(received);
    }
    return letters;
  }

  private boolean park(Message letter, Set<String> seen) {
    try {
      return park(CommandCodec.decode(letter.body()));
    } catch (UndecodableMessageException e) {
      seen.add(letter.messageId());
      if (!unreadable.contains(letter.messageId())) {
        LOG.warn(
            "dead letter {} names no request that could be answered: {}",
            letter.messageId(),
            e.getMessage());
      }
      return false;
    }
  }

  private boolean park(CommandMessage command) {
    var outcome = Refused.because(Refusal.INTERNAL_ERROR);
    boolean parked =
        transactions.inTransaction(connection -> commandLog.park(connection, command, outcome));
    if (parked) {
      LOG.error(
          "request {} ({}) failed too often: parked, its message is a dead letter",
          command.requestId(),
          command.command().kind());
    }
    return parked;
  }

  private void giveBack(List<Message> letters) {
    for (int from = 0; from < letters.size(); from += RECEIVE) {
      var batch = letters.subList(from, Math.min(from + RECEIVE, letters.size()));
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
