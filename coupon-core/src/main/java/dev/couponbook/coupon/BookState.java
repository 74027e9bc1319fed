package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether anything new comes of a book. Its dates are another thing. */
public enum BookState {
  /** Codes are assigned and locked. */
  OPEN,
  /** No code is assigned, and no lock granted or extended, until the book is resumed. */
  PAUSED,
  /** As paused, and no codes are added, for good. */
  CLOSED;

  /** Its name in messages, answers and the database. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static BookState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
