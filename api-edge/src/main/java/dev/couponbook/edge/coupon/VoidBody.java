package dev.couponbook.edge.coupon;

import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.edge.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** How a code is made void, or that it is lifted. */
public record VoidBody(
    @Nullable BookId bookId,
    @Nullable String reason,
    @Nullable Boolean force,
    @Nullable Boolean undo) {
  static final VoidBody LEFT_OUT = new VoidBody(null, null, null, null);

  /**
   * @throws ProblemException 400 if the reason is too long, or if force is given where nothing is
   *     made void
   */
  VoidCode command(CouponCode code) {
    boolean lift = undo != null && undo;
    if (lift && force != null) {
      throw ProblemException.invalid("force", "force does not go with undo: leave one of them out");
    }
    return new VoidCode(code, bookId, ReasonBody.checked(reason), force == null || force, lift);
  }
}
