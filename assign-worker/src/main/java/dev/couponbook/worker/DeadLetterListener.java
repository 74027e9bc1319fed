package dev.couponbook.worker;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.CommandLog;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;

/**
 * Answers the requests of dead letters, so that none stays queued for ever. The letters themselves
 * stay in their queue, where operators look at them and send them back; nothing is acknowledged
 * here.
 */
class DeadLetterListener {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterListener.class);

  private final Transactions transactions;
  private final CommandLog commandLog = new CommandLog();

  DeadLetterListener(Transactions transactions) {
    this.transactions = transactions;
  }

  @SqsListener(
      queueNames = "#{@workerSettings.deadLetters()}",
      factory = "deadLetters",
      id = "dead-letters")
  void deadLetters(List<Message<String>> messages) {
    for (var message : messages) {
      try {
        park(CommandCodec.decode(message.getPayload()));
      } catch (UndecodableMessageException e) {
        LOG.warn(
            "dead letter {} names no request that could be answered: {}",
            message.getHeaders().getId(),
            e.getMessage());
      }
    }
  }

  private void park(CommandMessage command) {
    var outcome = Refused.because(Refusal.INTERNAL_ERROR);
    if (transactions.inTransaction(connection -> commandLog.park(connection, command, outcome))) {
      LOG.error(
          "request {} ({}) failed too often: parked, its message is a dead letter",
          command.requestId(),
          command.command().kind());
    }
  }
}
