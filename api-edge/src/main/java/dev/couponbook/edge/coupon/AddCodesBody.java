package dev.couponbook.edge.coupon;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AddCodes.Generated;
import dev.couponbook.command.AddCodes.ManualCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.pattern.CodePattern;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Codes to add to a book: named ones, generated ones, or both. */
public record AddCodesBody(
    BookId bookId, @Nullable GeneratedCodes generated, @Nullable List<NamedCode> manual) {
  private static final int MAX_MANUAL = 1_000;
  private static final int MAX_AMOUNT = 100_000_000; // a book's pick numbers are 32-bit
  private static final int MAX_PATTERN = 256;

  /** Codes to make. */
  public record GeneratedCodes(
      Integer amount,
      @Nullable String prefix,
      @Nullable Integer codeLength,
      @Nullable String pattern,
      @Nullable String alphabet,
      @Nullable Instant expiration) {

    private Generated command() {
      form();
      return new Generated(amount, prefix, codeLength, pattern, alphabet, expiration);
    }

    /** The codes' form, if amount and form are such as can be asked for. */
    CodePattern form() {
      if (amount < 1 || amount > MAX_AMOUNT) {
        throw ProblemException.invalid(
            "generated.amount", "generated.amount must be between 1 and " + MAX_AMOUNT);
      }
      checkLength("generated.pattern", pattern);
      checkLength("generated.alphabet", alphabet);
      return checkedForm();
    }

    private static void checkLength(String field, @Nullable String text) {
      if (text != null && text.length() > MAX_PATTERN) {
        throw ProblemException.invalid(
            field, field + " must have " + MAX_PATTERN + " characters at most");
      }
    }

    private CodePattern checkedForm() {
      try {
        return CodePattern.of(pattern, prefix, codeLength, alphabet);
      } catch (InvalidValueException e) {
        throw ProblemException.invalidIn("generated", e);
      }
    }
  }

  /** A code that exists already. */
  public record NamedCode(CouponCode code, @Nullable Instant expiration) {}

  AddCodes command() {
    var named = manual == null ? List.<NamedCode>of() : manual;
    if (generated == null && named.isEmpty()) {
      throw ProblemException.invalid("generated", "generated or manual must be given");
    }
    if (named.size() > MAX_MANUAL) {
      throw ProblemException.invalid("manual", "manual must have " + MAX_MANUAL + " codes at most");
    }
    return new AddCodes(
        bookId,
        generated == null ? null : generated.command(),
        named.stream().map(c -> new ManualCode(c.code, c.expiration)).toList());
  }
}
