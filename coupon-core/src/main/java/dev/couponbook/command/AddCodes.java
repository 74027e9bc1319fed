package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds the codes that the partner names, and then the requested number of generated ones. Up to
 * {@link #MAX_ANSWERED} in total are made by the worker and returned in the answer; more become a
 * job.
 */
public record AddCodes(BookId bookId, @Nullable Generated generated, List<ManualCode> manual)
    implements Command {
  /** The most codes that an answer carries. */
  public static final int MAX_ANSWERED = 1_000;

  public AddCodes {
    requireNonNull(bookId, "bookId");
    manual = List.copyOf(manual);
  }

  /** Whether there are too many codes for one answer, so that a job makes them. */
  public boolean isJob() {
    return manual.size() + (generated == null ? 0 : generated.amount()) > MAX_ANSWERED;
  }

  /** A code that the partner supplied. */
  public record ManualCode(CouponCode code, @Nullable Instant expiration) {
    public ManualCode {
      requireNonNull(code, "code");
    }
  }

  /**
   * Codes to make.
   *
   * @param pattern the form of a code; replaces prefix and length if given
   * @param alphabet the characters to draw from; null: digits and capitals without look-alikes
   */
  public record Generated(
      int amount,
      @Nullable String prefix,
      @Nullable Integer codeLength,
      @Nullable String pattern,
      @Nullable String alphabet,
      @Nullable Instant expiration) {}
}
