package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** The id by which a partner knows a book. */
public record BookId(@JsonValue UUID value) {
  @JsonCreator
  public BookId {}

  /**
   * Reads the text form of a UUID, in either case.
   *
   * @throws InvalidValueException if the text is not a whole UUID
   */
  public static BookId parse(String text) {
    return new BookId(CanonicalUuid.parse(text, "bookId"));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
