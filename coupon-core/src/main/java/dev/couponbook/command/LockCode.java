package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import org.jspecify.annotations.Nullable;

/**
 * Locks the user's code for the duration of a checkout, or extends the lock whose token is given.
 */
public record LockCode(CouponCode code, Email email, @Nullable LockToken lockToken)
    implements Command {
  public LockCode {
    requireNonNull(code, "code");
    requireNonNull(email, "email");
  }
}
