package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * The e-mail address by which a partner names a user: trimmed and case-insensitive, otherwise as
 * given (plus tags, dots and {@code xn--} domains included).
 */
public record Email(@JsonValue String value) implements Comparable<Email> {
  // RFC 5321, 4.5.3.1.3: a path of 256 octets, less its brackets.
  public static final int MAX_LENGTH = 254;

  @JsonCreator
  public Email {
    value = value.strip().toLowerCase(Locale.ROOT);
    if (value.length() > MAX_LENGTH) {
      throw new InvalidValueException("email must have 254 characters at most");
    }
    int at = value.indexOf('@');
    if (at <= 0 || at == value.length() - 1 || at != value.lastIndexOf('@')) {
      throw new InvalidValueException("email must have one @ with something on both sides");
    }
    if (value.codePoints().anyMatch(Email::isNeverInAnAddress)) {
      throw new InvalidValueException("email must not have spaces or control characters inside");
    }
  }

  private static boolean isNeverInAnAddress(int c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.isISOControl(c)
        || Character.getType(c) == Character.SURROGATE
        || Character.getType(c) == Character.FORMAT;
  }

  @Override
  public int compareTo(Email other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return "an e-mail address";
  }
}
