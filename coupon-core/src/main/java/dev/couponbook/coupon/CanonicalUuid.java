package dev.couponbook.coupon;

import java.util.UUID;

/**
 * {@link UUID#fromString} accepts {@code 1-1-1-1-1}; an id has all its 36 characters. Its letters
 * may be upper-case, as many databases print them (RFC 9562, 4: "the values are case-insensitive on
 * input").
 */
final class CanonicalUuid {
  private CanonicalUuid() {}

  static UUID parse(String text, String name) {
    if (text.length() == 36) {
      try {
        var uuid = UUID.fromString(text);
        if (uuid.toString().equalsIgnoreCase(text)) {
          return uuid;
        }
      } catch (IllegalArgumentException notAUuid) {
        // reported below, with the name of the field
      }
    }
    throw new InvalidValueException(name + " must be an id as this service gave it out (a UUID)");
  }
}
