package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A coupon code: 1–64 printable ASCII characters without spaces, compared exactly and never
 * changed.
 */
public record CouponCode(@JsonValue String value) implements Comparable<CouponCode> {
  public static final int MAX_LENGTH = 64;

  @JsonCreator
  public CouponCode {
    if (!isValid(value)) {
      throw new InvalidValueException(
          "code must be 1 to 64 printable ASCII characters without spaces");
    }
  }

  /**
   * Whether the text is a valid code, for callers that read millions and do not want an exception
   * for each invalid one.
   */
  public static boolean isValid(CharSequence text) {
    int length = text.length();
    if (length == 0 || length > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < '!' || c > '~') {
        return false;
      }
    }
    return true;
  }

  @Override
  public int compareTo(CouponCode other) {
    return value.compareTo(other.value);
  }

  /** Shows only the end of a code: someone who reads a log must not be able to redeem it. */
  @Override
  public String toString() {
    return "code …" + value.substring(Math.max(0, value.length() - 3));
  }
}
