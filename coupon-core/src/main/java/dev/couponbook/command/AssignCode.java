package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;

/** Gives the user this code of the book. */
public record AssignCode(BookId bookId, CouponCode code, Email email) implements Command {
  public AssignCode {
    requireNonNull(bookId, "bookId");
    requireNonNull(code, "code");
    requireNonNull(email, "email");
  }
}
