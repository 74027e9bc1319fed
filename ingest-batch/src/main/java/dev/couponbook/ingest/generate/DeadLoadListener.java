package dev.couponbook.ingest.generate;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.CommandLog;
import dev.couponbook.store.load.CodeLoads;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of dead letters, so that none stays queued for ever. The letters stay in
 * their queue for the operators, who may send them back.
 */
public final class DeadLoadListener {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLoadListener.class);

  private final Transactions transactions;

  public DeadLoadListener(Transactions transactions) {
    this.transactions = transactions;
  }

  @SqsListener(queueNames = "#{@ingestSettings.deadLoads()}", factory = "deadLetters")
  public void take(String body) {
    try {
      park(CommandCodec.decode(body));
    } catch (UndecodableMessageException e) {
      LOG.warn(
          "leaving a dead letter without a request that could be answered: {}", e.getMessage());
    }
  }

  private void park(CommandMessage message) {
    var load = new LoadId(message.requestId().value());
    boolean parked =
        transactions.inTransaction(c ->
            // If the load of a generation exists, its job answers the request.
            CodeLoads.find(c, message.partner(), load).isEmpty()
                && CommandLog.park(c, message, Refused.because(Refusal.INTERNAL_ERROR)));
    if (parked) {
      LOG.error(
          "request {} ({}) failed too often: it was answered with internal_error, and its message is kept"
              + " as a dead letter",
          message.requestId(),
          message.command().kind());
    }
  }
}
