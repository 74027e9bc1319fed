package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.Email;

/** Gives the user a random free code of the book. */
public record AssignAny(BookId bookId, Email email) implements Command {
  public AssignAny {
    requireNonNull(bookId, "bookId");
    requireNonNull(email, "email");
  }
}
