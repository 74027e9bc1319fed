package dev.couponbook.store.batch;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.ChangeBook;
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
import dev.couponbook.coupon.RequestId;
import dev.couponbook.store.batch.CommandLog.Answer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs a batch of commands in its caller's transaction: the effects and, last, the outcomes. A
 * command whose outcome is known already has no second effect.
 */
public final class RunCommands {
  private final int locksOfUser;

  /**
   * @param locksOfUser how many live locks a user of a partner may hold at once
   */
  public RunCommands(int locksOfUser) {
    this.locksOfUser = locksOfUser;
  }

  /**
   * The result of a batch.
   *
   * @param known the requests that had their outcome before
   * @param answers the outcomes that came in now
   */
  public record Ran(Set<RequestId> known, List<Answer> answers) {
    /** The requests that have an outcome now. */
    public Set<RequestId> settled() {
      var settled = new HashSet<>(known);
      answers.forEach(answer -> settled.add(answer.message().requestId()));
      return settled;
    }
  }

  /**
   * Runs the commands; those that meet on a code or a user run one after the other. Effects and
   * outcomes are there once the caller has committed.
   *
   * @param patient whether to wait for codes that other transactions hold; only for one command
   *     alone
   * @return what has an outcome now; a batch that is not patient may leave some
   * @throws CommandLog.AnsweredMeanwhileException if one has been answered by somebody else since
   *     the transaction looked: it must roll back
   */
  public Ran run(Connection connection, List<CommandMessage> commands, boolean patient)
      throws SQLException {
    var known =
        CommandLog.known(connection, commands.stream().map(CommandMessage::requestId).toList());
    var fresh = commands.stream().filter(command -> !known.contains(command.requestId())).toList();
    if (fresh.isEmpty()) {
      return new Ran(known, List.of());
    }
    var answers = new ArrayList<Answer>();
    var used = UsedIds.of(connection, fresh);
    fresh.stream()
        .filter(command -> used.contains(command.requestId()))
        .forEach(command -> answers.add(new Answer(command, Refused.because(Refusal.KEY_EXPIRED))));
    var open = fresh.stream().filter(command -> !used.contains(command.requestId())).toList();
    var books = BookBatch.open(connection, open);
    var coupons = CouponBatch.open(connection, open, patient, locksOfUser);
    for (var command : open) {
      decide(connection, books, coupons, command)
          .ifPresent(outcome -> answers.add(new Answer(command, outcome)));
    }
    // A change of a book is for the batches that come after it: what this one decided about its
    // codes was decided by the terms of before.
    coupons.write();
    books.write();
    CommandLog.record(connection, answers);
    return new Ran(known, answers);
  }

  private Optional<Outcome> decide(
      Connection connection, BookBatch books, CouponBatch coupons, CommandMessage message)
      throws SQLException {
    return switch (message.command()) {
      case CreateBook create -> Optional.of(createBook(connection, message, create));
      case ChangeBook change -> Optional.of(books.change(message, change));
      case SetBookState set -> Optional.of(books.set(message, set));
      case AddCodes add when !add.isJob() ->
          Optional.of(AddRequestedCodes.add(connection, message, add));
      case AssignAny assign -> coupons.assignAny(message, assign);
      case AssignCode assign -> Optional.of(coupons.assignCode(message, assign));
      case LockCode lock -> Optional.of(coupons.lock(message, lock));
      case UnlockCode unlock -> Optional.of(coupons.unlock(message, unlock));
      case RedeemCode redeem -> Optional.of(coupons.redeem(message, redeem));
      case ReverseRedemption reverse -> Optional.of(coupons.reverse(message, reverse));
      case VoidCode asked ->
          Optional.of(
              asked.undo() ? coupons.lift(message, asked) : coupons.makeVoid(message, asked));
      case UnassignCode unassign -> Optional.of(coupons.unassign(message, unassign));
      case ReplaceCode replace -> coupons.replace(message, replace);
      case AddCodes _, CancelLoad _, UndoLoad _ ->
          throw new IllegalArgumentException(
              message.command().kind() + " of this size belongs in the queue of loads");
    };
  }

  private static Outcome createBook(
      Connection connection, CommandMessage message, CreateBook create) throws SQLException {
    var book = Books.create(connection, message.requestId(), message.partner(), create);
    return Done.created(Map.of("bookId", book));
  }
}
