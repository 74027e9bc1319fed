package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** The number of a partner in this database. Never shown outside. */
public record PartnerId(@JsonValue int value) {
  @JsonCreator
  public PartnerId {
    if (value <= 0) {
      throw new InvalidValueException("a partner's number is positive");
    }
  }

  @Override
  public String toString() {
    return "partner " + value;
  }
}
