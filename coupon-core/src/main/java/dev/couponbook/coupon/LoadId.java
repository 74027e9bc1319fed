package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** The id of a load: its upload's, or that of the request that asked for the codes. */
public record LoadId(@JsonValue UUID value) {
  @JsonCreator
  public LoadId {}

  /**
   * Reads the text form of a UUID, in either case.
   *
   * @throws InvalidValueException if the text is not a whole UUID
   */
  public static LoadId parse(String text) {
    return new LoadId(CanonicalUuid.parse(text, "uploadId"));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
