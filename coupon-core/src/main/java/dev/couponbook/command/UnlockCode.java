package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import org.jspecify.annotations.Nullable;

/**
 * Releases the lock on the user's code, if there is one; with a token, only the lock with that
 * token.
 */
public record UnlockCode(CouponCode code, Email email, @Nullable LockToken lockToken)
    implements Command {
  public UnlockCode {
    requireNonNull(code, "code");
    requireNonNull(email, "email");
  }
}
