package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Proof of holding a lock. Ours have 128 random bits; a made-up one of the same form matches no
 * lock.
 */
public record LockToken(@JsonValue String value) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 16;

  @JsonCreator
  public LockToken {
    if (!CouponCode.isValid(value)) {
      throw new InvalidValueException(
          "lockToken must be 1 to 64 printable ASCII characters without spaces");
    }
  }

  /** A new token of 128 random bits. */
  public static LockToken mint() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new LockToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  @Override
  public String toString() {
    return "a lock token";
  }
}
