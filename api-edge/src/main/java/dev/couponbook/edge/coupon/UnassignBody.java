package dev.couponbook.edge.coupon;

import dev.couponbook.command.UnassignCode;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.edge.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** From whom a code is taken back, why, and whether it is free again. */
public record UnassignBody(Email email, String reason, @Nullable Boolean toPool) {
  /**
   * @throws ProblemException 400 if the reason says nothing, or is too long
   */
  UnassignCode command(CouponCode code) {
    return new UnassignCode(code, email, ReasonBody.required(reason), toPool != null && toPool);
  }
}
