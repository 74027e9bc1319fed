package dev.couponbook.coupon;

import java.util.UUID;

/**
 * {@link UUID#fromString} accepts {@code 1-1-1-1-1}; an id that we issued has exactly one spelling.
 */
final class CanonicalUuid {
  private CanonicalUuid() {}

  static UUID parse(String text, String name) {
    if (text.length() == 36) {
      try {
        var uuid = UUID.fromString(text);
        if (uuid.toString().equals(text)) {
          return uuid;
        }
      } catch (IllegalArgumentException notAUuid) {
        // reported below, with the name of the field
      }
    }
    throw new InvalidValueException(
        name + " must be an id as this service gave it out (a lower-case UUID)");
  }
}
