package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The e-mail address by which a partner names a user: trimmed and compared without the case of
 * ASCII letters, otherwise as given (plus tags, dots and {@code xn--} domains included).
 */
public record Email(@JsonValue String value) implements Comparable<Email> {
  // RFC 5321, 4.5.3.1.3: a path of 256 octets, less its brackets.
  public static final int MAX_LENGTH = 254;

  @JsonCreator
  public Email {
    if (value.codePointCount(0, value.length()) > MAX_LENGTH) {
      throw new InvalidValueException("email must have 254 characters at most");
    }
    value = lower(value.strip());
    int at = value.indexOf('@');
    if (at <= 0 || at == value.length() - 1 || at != value.lastIndexOf('@')) {
      throw new InvalidValueException("email must have one @ with something on both sides");
    }
    if (value.codePoints().anyMatch(Email::isNeverInAnAddress)) {
      throw new InvalidValueException("email must not have spaces or control characters inside");
    }
  }

  // ASCII only. Other letters have no case that all systems agree on, and some fold into ASCII: the
  // sign for kelvin becomes a k, and the address another user's.
  private static String lower(String text) {
    var lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      lower.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return lower.toString();
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
