package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds the codes that the partner names, and then as many generated ones as asked. Up to {@link
 * #MAX_ANSWERED} in all are made by the worker and answered; more are a job of their own.
 */
public record AddCodes(BookId bookId, @Nullable Generated generated, List<ManualCode> manual)
    implements Command {
  /** As many codes as an answer can carry. */
  public static final int MAX_ANSWERED = 1_000;

  public AddCodes {
    requireNonNull(bookId, "bookId");
    manual = List.copyOf(manual);
  }

  /** Whether the codes are too many to be answered, so that a job makes them. */
  public boolean isJob() {
    return manual.size() + (generated == null ? 0 : generated.amount()) > MAX_ANSWERED;
  }

  /** A code that the partner brought along. */
  public record ManualCode(CouponCode code, @Nullable Instant expiration) {
    public ManualCode {
      requireNonNull(code, "code");
    }
  }

  /**
   * Codes to make.
   *
   * @param pattern the form of a code; stands for prefix and length where it is given
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
