package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** One request of a partner, and the key of its outcome: the unit of exactly-once. */
public record RequestId(@JsonValue UUID value) {
  @JsonCreator
  public RequestId {}

  /**
   * Reads the canonical text form and no other.
   *
   * @throws InvalidValueException if the text is not a UUID in its canonical form
   */
  public static RequestId parse(String text) {
    return new RequestId(CanonicalUuid.parse(text, "requestId"));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
