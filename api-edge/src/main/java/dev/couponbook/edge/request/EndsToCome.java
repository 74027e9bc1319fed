package dev.couponbook.edge.request;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AddCodes.Generated;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.Command;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.NewValue;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.edge.problem.ProblemCause;
import dev.couponbook.edge.problem.ProblemException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Refuses an end that has passed: what is created with one could never be used. A request whose key
 * has an answer already is not asked again, as its end may have passed since.
 */
public final class EndsToCome {
  private EndsToCome() {}

  /**
   * @throws ProblemException 400 {@code invalid_value} with the member that has passed
   */
  static void require(Command command, Instant now) {
    switch (command) {
      case CreateBook create -> require("expiresAt", create.terms().expiresAt(), now);
      case ChangeBook change -> require("expiresAt", NewValue.after(change.expiresAt(), null), now);
      case AddCodes add -> requireAll(add, now);
      case SetBookState _,
          AssignAny _,
          AssignCode _,
          LockCode _,
          UnlockCode _,
          RedeemCode _,
          ReverseRedemption _,
          VoidCode _,
          UnassignCode _,
          ReplaceCode _,
          CancelLoad _,
          UndoLoad _ -> {
        // has no end
      }
    }
  }

  private static void requireAll(AddCodes add, Instant now) {
    Generated generated = add.generated();
    require("generated.expiration", generated == null ? null : generated.expiration(), now);
    for (int i = 0; i < add.manual().size(); i++) {
      require("manual[" + i + "].expiration", add.manual().get(i).expiration(), now);
    }
  }

  /**
   * @param end null: there is none
   * @throws ProblemException 400 {@code invalid_value}, if the end has passed
   */
  public static void require(String member, @Nullable Instant end, Instant now) {
    if (end != null && !end.isAfter(now)) {
      throw ProblemException.invalid(
          member,
          ProblemCause.HAS_PASSED,
          member + " must lie in the future; it is " + end + ", and now it is " + now);
    }
  }
}
