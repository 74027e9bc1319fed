package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** The id by which a partner knows a book. */
public record BookId(@JsonValue UUID value) {
  @JsonCreator
  public BookId {}

  /**
   * Reads the canonical text form and no other.
   *
   * @throws InvalidValueException if the text is not a UUID in its canonical form
   */
  public static BookId parse(String text) {
    return new BookId(CanonicalUuid.parse(text, "bookId"));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
