package dev.couponbook.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** One request of a partner, and the key of its outcome: the unit of exactly-once. */
public record RequestId(@JsonValue UUID value) {
  // RFC 9562: 7 is ordered by time, 8 is for ids made by a rule of one's own.
  private static final int OF_TIME = 7;
  private static final int OF_KEY = 8;

  @JsonCreator
  public RequestId {}

  /**
   * Reads the text form of a UUID, in either case.
   *
   * @throws InvalidValueException if the text is not a whole UUID
   */
  public static RequestId parse(String text) {
    return new RequestId(CanonicalUuid.parse(text, "requestId"));
  }

  /** Whether it was derived from an idempotency key, so that the key always gives it again. */
  public boolean isOfKey() {
    return value.version() == OF_KEY;
  }

  /** When it was made, to the millisecond; empty for the id of a key, which is always the same. */
  public Optional<Instant> madeAt() {
    return value.version() == OF_TIME
        ? Optional.of(Instant.ofEpochMilli(value.getMostSignificantBits() >>> 16))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
