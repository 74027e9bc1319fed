package dev.couponbook.worker;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.CommandLog;
import dev.couponbook.store.batch.CommandTries;
import java.sql.Connection;
import java.sql.SQLException;
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
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * Looks through the dead letters, so that no request stays queued forever. A command that failed by
 * itself is answered, and its letter stays visible, so that operators can look at it there and send
 * it back. That is why no listener takes the letters: it would keep them hidden all the time. A
 * command that merely was with workers that died goes back to its queue at once.
 */
class ParkDeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(ParkDeadLetters.class);
  private static final int RECEIVE = 10; // the most that SQS gives in one call
  // While a run holds letters, they are hidden from operators; the next run is soon.
  private static final int MOST_RECEIVES = 100;
  // Twice may be an accident, such as a worker killed while it tried. Fewer than the receives
  // that the queue allows, so that a command that always fails is parked the first time that it
  // is a dead letter.
  private static final int TRIES = 3;

  private final SqsAsyncClient sqs;
  private final String commands;
  private final String url;
  private final Transactions transactions;
  private Set<String> unreadable = new HashSet<>();

  /**
   * @param commands the queue from which the dead letters came
   * @throws IllegalStateException if there is no such queue
   */
  ParkDeadLetters(SqsAsyncClient sqs, String commands, String queue, Transactions transactions) {
    this.sqs = sqs;
    this.commands = urlOf(sqs, commands);
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
  @Scheduled(fixedDelayString = "#{@workerSettings.deadLetterPause()}")
  int runOnce() {
    var letters = receive();
    var kept = new ArrayList<>(letters);
    try {
      var seen = new HashSet<String>();
      int parked = 0;
      for (var letter : letters) {
        switch (judge(letter, seen)) {
          case PARKED -> parked++;
          case KEPT -> {}
          case UNLUCKY -> {
            sendBack(letter);
            kept.remove(letter);
          }
          case DONE -> {
            delete(letter);
            kept.remove(letter);
          }
        }
      }
      unreadable = seen;
      return parked;
    } finally {
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

  private enum Verdict {
    PARKED,
    KEPT,
    UNLUCKY,
    DONE
  }

  private Verdict judge(Message letter, Set<String> seen) {
    try {
      var command = CommandCodec.decode(letter.body());
      return transactions.inTransaction(connection -> judge(connection, command));
    } catch (UndecodableMessageException e) {
      seen.add(letter.messageId());
      if (!unreadable.contains(letter.messageId())) {
        LOG.warn(
            "dead letter {} cannot be read, so no request can be answered for it: {}",
            letter.messageId(),
            e.getMessage());
      }
      return Verdict.KEPT;
    }
  }

  private Verdict judge(Connection connection, CommandMessage command) throws SQLException {
    var past = CommandTries.past(connection, command.requestId());
    if (past.done()) {
      // Only its deletes were lost.
      return Verdict.DONE;
    }
    if (past.parked()) {
      return Verdict.KEPT;
    }
    if (past.tries() < TRIES) {
      return Verdict.UNLUCKY;
    }
    if (!CommandLog.park(connection, command, Refused.because(Refusal.INTERNAL_ERROR))) {
      return Verdict.KEPT;
    }
    LOG.error(
        "request {} ({}) failed {} times and is parked; its message stays a dead letter",
        command.requestId(),
        command.command().kind(),
        past.tries());
    return Verdict.PARKED;
  }

  /**
   * Sends before it deletes: if the worker dies in between, the message is there twice, which is
   * harmless.
   */
  private void sendBack(Message letter) {
    sqs.sendMessage(m ->
            m.queueUrl(commands)
                .messageBody(letter.body())
                .messageAttributes(letter.messageAttributes())
                .messageGroupId(
                    letter.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID)))
        .join();
    delete(letter);
    LOG.warn(
        "message {} goes back to its queue: its workers died, but the command itself did not fail",
        letter.messageId());
  }

  private void delete(Message letter) {
    sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle(letter.receiptHandle())).join();
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
