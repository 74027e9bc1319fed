package dev.couponbook.ingest.generate;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.ingest.settings.IngestSettings;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.queue.DeadLetters;
import dev.couponbook.queue.DeadLetters.Verdict;
import dev.couponbook.store.batch.CommandLog;
import dev.couponbook.store.load.CodeLoads;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Answers the requests of dead commands about loads, so that none stays queued for ever. Their
 * letters stay for the operators, who may send them back.
 */
public final class ParkDeadLoads {
  private static final Logger LOG = LoggerFactory.getLogger(ParkDeadLoads.class);

  private final Transactions transactions;
  private final DeadLetters letters;

  /**
   * @throws IllegalStateException if one of the two queues does not exist
   */
  public ParkDeadLoads(SqsAsyncClient sqs, IngestSettings settings, Transactions transactions) {
    this.transactions = transactions;
    this.letters = new DeadLetters(sqs, settings.loads(), settings.deadLoads(), this::judge);
  }

  /** Looks through the dead letters once. */
  @Scheduled(fixedDelayString = "#{@ingestSettings.deadLetterPause()}")
  void runOnce() {
    letters.lookThrough();
  }

  Verdict judge(String body) {
    var message = CommandCodec.decode(body);
    return transactions.inTransaction(connection -> judge(connection, message));
  }

  private static Verdict judge(Connection connection, CommandMessage message) throws SQLException {
    var load = new LoadId(message.requestId().value());
    if (!CommandLog.known(connection, Set.of(message.requestId())).isEmpty()
        // If the load of a generation exists, its job answers the request.
        || CodeLoads.find(connection, message.partner(), load).isPresent()) {
      return Verdict.DONE;
    }
    if (CommandLog.park(connection, message, Refused.because(Refusal.INTERNAL_ERROR))) {
      LOG.error(
          "request {} ({}) failed too often: it was answered with internal_error, and its message"
              + " stays a dead letter",
          message.requestId(),
          message.command().kind());
    }
    return Verdict.KEPT;
  }
}
