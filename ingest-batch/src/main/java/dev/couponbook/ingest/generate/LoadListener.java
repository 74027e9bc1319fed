package dev.couponbook.ingest.generate;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.Outcome;
import dev.couponbook.command.Outcome.Done;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.ingest.load.Heartbeat;
import dev.couponbook.ingest.load.UndoneLoad;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.CommandLog;
import dev.couponbook.store.batch.CommandLog.Answer;
import dev.couponbook.store.batch.CommandLog.AnsweredMeanwhileException;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.RemoveCodes;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.Visibility;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes the commands about whole loads: generate, cancel and undo. */
public final class LoadListener {
  private static final Outcome CANCELLED = Done.ok(Map.of("success", true));

  private final Transactions transactions;
  private final Heartbeat heartbeat;
  private final Runnable newLoad;
  private final StartGeneration startGeneration = new StartGeneration();

  /**
   * @param newLoad runs after each new load was committed
   */
  public LoadListener(Transactions transactions, Heartbeat heartbeat, Runnable newLoad) {
    this.transactions = transactions;
    this.heartbeat = heartbeat;
    this.newLoad = newLoad;
  }

  @SqsListener(queueNames = "#{@ingestSettings.loads()}", factory = "listeners")
  public void take(String body, Visibility visibility, Acknowledgement acknowledgement) {
    var message = CommandCodec.decode(body);
    try (var beating = heartbeat.keepInvisible(visibility)) {
      handle(message);
    } catch (AnsweredMeanwhileException e) {
      // Delivered twice at the same time: the answer of the other delivery stands.
    }
    acknowledgement.acknowledge();
  }

  private void handle(CommandMessage message) {
    if (isAnswered(message)) {
      return;
    }
    switch (message.command()) {
      case AddCodes _ -> generate(message);
      case CancelLoad cancel ->
          transactions.inTransaction(c -> answer(c, message, cancel(c, message, cancel)));
      case UndoLoad undo -> undo(message, undo);
      case CreateBook _,
          ChangeBook _,
          SetBookState _,
          AssignAny _,
          AssignCode _,
          LockCode _,
          UnlockCode _,
          RedeemCode _,
          ReverseRedemption _,
          VoidCode _,
          UnassignCode _,
          ReplaceCode _ ->
          throw new IllegalStateException(
              "%s is not a command about a load".formatted(message.command().kind()));
    }
  }

  private boolean isAnswered(CommandMessage message) {
    return !transactions
        .inTransaction(c -> CommandLog.known(c, Set.of(message.requestId())))
        .isEmpty();
  }

  private void generate(CommandMessage message) {
    var refused =
        transactions.inTransaction(c -> {
          var outcome = startGeneration.start(c, message);
          if (outcome.isPresent()) {
            answer(c, message, outcome.get());
          }
          return outcome;
        });
    if (refused.isEmpty()) {
      newLoad.run();
    }
  }

  private Outcome cancel(Connection connection, CommandMessage message, CancelLoad cancel)
      throws SQLException {
    var partner = message.partner();
    if (cancel.awaitedFor() != null) {
      var book = CodeLoads.bookOf(connection, partner, cancel.awaitedFor());
      if (book.isPresent()
          && CodeLoads.createCancelled(connection, cancel.loadId(), partner, book.getAsInt())) {
        return CANCELLED;
      }
    }
    var load = CodeLoads.find(connection, partner, cancel.loadId());
    if (load.isEmpty()) {
      return Refused.because(Refusal.UPLOAD_NOT_FOUND);
    }
    return CodeLoads.requestCancel(connection, load.get().id())
        ? CANCELLED
        : Refused.because(Refusal.UPLOAD_FINISHED);
  }

  private void undo(CommandMessage message, UndoLoad undo) {
    Optional<CodeLoad> found =
        transactions.inTransaction(c -> CodeLoads.find(c, message.partner(), undo.loadId()));
    if (found.isEmpty()) {
      refuse(
          message,
          undo.awaitedFor() == null ? Refusal.UPLOAD_NOT_FOUND : Refusal.UPLOAD_NOT_FINISHED);
    } else if (!found.get().state().isFinal()) {
      refuse(message, Refusal.UPLOAD_NOT_FINISHED);
    } else {
      UndoneLoad.removeCodes(transactions, found.get());
      transactions.inTransaction(c -> {
        CodeLoads.markUndone(c, found.get().id());
        return answer(c, message, undone(RemoveCodes.left(c, found.get().id())));
      });
    }
  }

  private static Outcome undone(RemoveCodes.Left left) {
    var kept = new LinkedHashMap<String, Object>();
    kept.put("assigned", left.assigned());
    kept.put("void", left.other());
    kept.put("voided", left.other()); // void is a word of Java, C# and TypeScript
    var body = new LinkedHashMap<String, Object>();
    body.put("success", true);
    body.put("removed", left.removed());
    body.put("kept", left.assigned() + left.other());
    body.put("keptBecause", kept);
    return Done.ok(body);
  }

  private void refuse(CommandMessage message, Refusal refusal) {
    transactions.inTransaction(c -> answer(c, message, Refused.because(refusal)));
  }

  private boolean answer(Connection connection, CommandMessage message, Outcome outcome)
      throws SQLException {
    CommandLog.record(connection, List.of(new Answer(message, outcome)));
    return true;
  }
}
