package dev.couponbook.edge.coupon;

import dev.couponbook.command.ReplaceCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.edge.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Who gets another code for one, and why. */
public record ReplaceBody(@Nullable BookId bookId, Email email, String reason) {
  /**
   * @throws ProblemException 400 if the reason says nothing, or is too long
   */
  ReplaceCode command(CouponCode code) {
    return new ReplaceCode(code, bookId, email, ReasonBody.required(reason));
  }
}
