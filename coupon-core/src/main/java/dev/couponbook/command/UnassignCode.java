package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;

/**
 * Takes a code that is not in use back from its user. It becomes void, because the user has seen
 * it, unless it is to be given again.
 *
 * @param reason the partner's own words, kept with the code
 * @param toPool whether the code is free again
 */
public record UnassignCode(CouponCode code, Email email, String reason, boolean toPool)
    implements Command {
  public UnassignCode {
    requireNonNull(code, "code");
    requireNonNull(email, "email");
    requireNonNull(reason, "reason");
  }
}
