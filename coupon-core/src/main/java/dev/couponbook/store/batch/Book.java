package dev.couponbook.store.batch;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.BookTerms;
import dev.couponbook.coupon.PartnerId;
import java.time.Instant;

/**
 * A book as the programs need it.
 *
 * @param number its key in this database, which no partner ever sees
 * @param picks the pick numbers given out so far: each code of the book has one below it
 */
public record Book(
    int number, PartnerId partner, BookId id, BookTerms terms, BookState state, int picks) {
  /** Whether codes of the book are assigned and locked, its dates left aside. */
  public boolean isOpen() {
    return state == BookState.OPEN;
  }

  /** Whether the dates of the book allow that its codes are locked at that time. */
  public boolean isOnAt(Instant now) {
    return (terms.startsAt() == null || !terms.startsAt().isAfter(now)) && !hasEndedAt(now);
  }

  /** Whether the book's codes are all expired at that time. */
  public boolean hasEndedAt(Instant now) {
    return terms.expiresAt() != null && !terms.expiresAt().isAfter(now);
  }
}
