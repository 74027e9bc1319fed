package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import org.jspecify.annotations.Nullable;

/**
 * Takes a code that is not in use back from its user, makes it void, and gives the user another one
 * of the same book.
 *
 * @param bookId the only book in which the code is meant; null: whichever has it
 * @param reason the partner's own words, kept with the code
 */
public record ReplaceCode(CouponCode code, @Nullable BookId bookId, Email email, String reason)
    implements Command {
  public ReplaceCode {
    requireNonNull(code, "code");
    requireNonNull(email, "email");
    requireNonNull(reason, "reason");
  }
}
