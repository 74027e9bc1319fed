package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import org.jspecify.annotations.Nullable;

/** Uses the user's locked code once; a token, if given, must be the live lock's. */
public record RedeemCode(CouponCode code, Email email, @Nullable LockToken lockToken)
    implements Command {
  public RedeemCode {
    requireNonNull(code, "code");
    requireNonNull(email, "email");
  }
}
