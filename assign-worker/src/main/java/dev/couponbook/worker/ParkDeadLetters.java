package dev.couponbook.worker;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandEnvelope;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.queue.DeadLetters;
import dev.couponbook.queue.DeadLetters.Verdict;
import dev.couponbook.store.batch.CommandLog;
import dev.couponbook.store.batch.CommandTries;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Looks through the dead commands, so that no request stays queued forever. A command that failed
 * by itself is answered, and its letter stays for the operators, who can look at it and send it
 * back. A command that merely was with workers that died goes back to its queue at once, and so do
 * the commands of an envelope, each by itself.
 */
class ParkDeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(ParkDeadLetters.class);
  // Twice may be an accident, such as a worker killed while it tried. Fewer than the receives
  // that the queue allows, so that a command that always fails is parked the first time that it
  // is a dead letter.
  private static final int TRIES = 3;

  private final Transactions transactions;
  private final TakeApart takeApart;
  private final DeadLetters letters;

  /**
   * @param commands the queue from which the dead letters came
   * @throws IllegalStateException if there is no such queue
   */
  ParkDeadLetters(
      SqsAsyncClient sqs,
      String commands,
      String queue,
      Transactions transactions,
      TakeApart takeApart) {
    this.transactions = transactions;
    this.takeApart = takeApart;
    this.letters = new DeadLetters(sqs, commands, queue, this::judge);
  }

  /** Looks through the dead letters once. */
  @Scheduled(fixedDelayString = "#{@workerSettings.deadLetterPause()}")
  void runOnce() {
    letters.lookThrough();
  }

  private Verdict judge(String body) {
    var envelope = CommandEnvelope.takeApart(body);
    if (envelope.isPresent()) {
      takeApart.send(envelope.get(), null);
      return Verdict.DONE;
    }
    var command = CommandCodec.decode(body);
    return transactions.inTransaction(connection -> judge(connection, command));
  }

  private static Verdict judge(Connection connection, CommandMessage command) throws SQLException {
    var past = CommandTries.past(connection, command.requestId());
    if (past.done()) {
      // Only its deletes were lost.
      return Verdict.DONE;
    }
    if (past.parked()) {
      return Verdict.KEPT;
    }
    if (past.tries() < TRIES) {
      return Verdict.SENT_BACK;
    }
    if (CommandLog.park(connection, command, Refused.because(Refusal.INTERNAL_ERROR))) {
      LOG.error(
          "request {} ({}) failed {} times and is parked; its message stays a dead letter",
          command.requestId(),
          command.command().kind(),
          past.tries());
    }
    return Verdict.KEPT;
  }
}
