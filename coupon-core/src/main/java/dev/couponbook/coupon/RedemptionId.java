package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** One use of a code: the id of the request that redeemed it. */
public record RedemptionId(@JsonValue UUID value) {
  @JsonCreator
  public RedemptionId {}

  /**
   * Reads the canonical text form and no other.
   *
   * @throws InvalidValueException if the text is not a UUID in its canonical form
   */
  public static RedemptionId parse(String text) {
    return new RedemptionId(CanonicalUuid.parse(text, "redemptionId"));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
