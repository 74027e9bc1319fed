package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import org.jspecify.annotations.Nullable;

/**
 * Pauses, resumes or closes a book; closing is final. What is locked can still be redeemed.
 *
 * @param reason the partner's own words, written down with the change
 */
public record SetBookState(BookId bookId, BookState state, @Nullable String reason)
    implements Command {
  public SetBookState {
    requireNonNull(bookId, "bookId");
    requireNonNull(state, "state");
  }
}
