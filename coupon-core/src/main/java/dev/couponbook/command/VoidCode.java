package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import org.jspecify.annotations.Nullable;

/**
 * Makes a code void, or lifts that. A code that somebody holds stays with its holder and cannot be
 * locked meanwhile; one that nobody holds is not assigned.
 *
 * @param bookId the only book in which the code is meant; null: whichever has it
 * @param reason the partner's own words, kept with the code
 * @param force whether a live lock is ended; if not, it keeps the code from being made void
 * @param undo whether it is lifted
 */
public record VoidCode(
    CouponCode code, @Nullable BookId bookId, @Nullable String reason, boolean force, boolean undo)
    implements Command {
  public VoidCode {
    requireNonNull(code, "code");
  }
}
