package dev.couponbook.worker;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandEnvelope;
import dev.couponbook.command.CommandEnvelope.Enclosed;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.CommandLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * Sends the commands of an envelope singly. An envelope that has come before holds something that
 * went wrong: from here on each of its commands is received, tried and, if need be, becomes a dead
 * letter by itself.
 */
class TakeApart {
  private static final Logger LOG = LoggerFactory.getLogger(TakeApart.class);
  private static final int MOST_MESSAGES = 10; // of a call, by SQS

  private final SqsAsyncClient sqs;
  private final String queueUrl;
  private final Transactions transactions;

  /**
   * @param queueUrl where the commands go
   */
  TakeApart(SqsAsyncClient sqs, String queueUrl, Transactions transactions) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.transactions = transactions;
  }

  /** A message of an envelope, and the command in it; null if it cannot be read. */
  private record Opened(Enclosed enclosed, @Nullable CommandMessage command) {
    static Opened of(Enclosed enclosed) {
      try {
        return new Opened(enclosed, CommandCodec.decode(enclosed.message()));
      } catch (UndecodableMessageException e) {
        return new Opened(enclosed, null);
      }
    }

    Optional<RequestId> request() {
      return Optional.ofNullable(command).map(CommandMessage::requestId);
    }
  }

  /**
   * Sends those of the messages that have no outcome yet. When it returns, the queue has them, and
   * the envelope may be deleted; if it fails, some may have been sent, which is harmless.
   *
   * @param answerTo where their outcomes are awaited, if they are
   * @throws DatabaseException if it cannot be asked which have an outcome
   * @throws RuntimeException if the queue has not taken all
   */
  void send(List<Enclosed> envelope, @Nullable String answerTo) {
    var opened = envelope.stream().map(Opened::of).toList();
    var requests = opened.stream().flatMap(one -> one.request().stream()).toList();
    var known = transactions.inTransaction(c -> CommandLog.known(c, requests));
    var left =
        opened.stream().filter(one -> one.request().filter(known::contains).isEmpty()).toList();
    // All of an envelope are one partner's.
    var group =
        opened.stream()
            .map(Opened::command)
            .filter(Objects::nonNull)
            .map(command -> Integer.toString(command.partner().value()))
            .findAny()
            .orElse(null);
    left.stream()
        .gather(Gatherers.windowFixed(MOST_MESSAGES))
        .forEach(together -> sendTogether(together, group, answerTo));
    LOG.info(
        "an envelope of {} commands was taken apart: {} have no outcome yet and go on singly",
        opened.size(),
        left.size());
  }

  private void sendTogether(
      List<Opened> messages, @Nullable String group, @Nullable String answerTo) {
    var entries = new ArrayList<SendMessageBatchRequestEntry>();
    for (var one : messages) {
      entries.add(
          SendMessageBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .messageBody(one.enclosed().message())
              .messageGroupId(group)
              .messageAttributes(attributes(one.enclosed().traceparent(), answerTo))
              .build());
    }
    var answer = sqs.sendMessageBatch(call -> call.queueUrl(queueUrl).entries(entries)).join();
    if (!answer.failed().isEmpty()) {
      throw new IllegalStateException(
          "the queue refused %d of %d commands: %s"
              .formatted(
                  answer.failed().size(), entries.size(), answer.failed().getFirst().message()));
    }
  }

  private static Map<String, MessageAttributeValue> attributes(
      @Nullable String traceparent, @Nullable String answerTo) {
    var attributes = new HashMap<String, MessageAttributeValue>();
    if (traceparent != null) {
      attributes.put(CommandEnvelope.TRACEPARENT, text(traceparent));
    }
    if (answerTo != null) {
      attributes.put(CommandEnvelope.ANSWER_TO, text(answerTo));
    }
    return attributes;
  }

  private static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }
}
