package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** One use of a code: the id of the request that redeemed it. */
public record RedemptionId(@JsonValue UUID value) {
  @JsonCreator
  public RedemptionId {}

  /**
   * Reads the text form of a UUID, in either case.
   *
   * @throws InvalidValueException if the text is not a whole UUID
   */
  public static RedemptionId parse(String text) {
    return new RedemptionId(CanonicalUuid.parse(text, "redemptionId"));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
