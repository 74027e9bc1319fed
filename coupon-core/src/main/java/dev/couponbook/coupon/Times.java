package dev.couponbook.coupon;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/**
 * The times that partners send, wherever they stand: in a body, a file or a signed option. A time
 * is an instant, kept to the microsecond as PostgreSQL does. What is finer is cut off, so that an
 * end never moves to a later day; only then is it held against the bounds. {@link
 * Instant#toString()} prints such a time with no fraction, or with three or six digits.
 */
public final class Times {
  /** The first time that is accepted. */
  public static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  /** The last time that is accepted. */
  public static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private Times() {}

  /**
   * Reads a time in ISO 8601 with a zone. Without one it would be another instant in each country.
   *
   * @param name the member that the refusal names
   * @throws InvalidValueException if the text is not such a time, or is out of bounds
   */
  public static Instant parse(String name, String text) {
    try {
      return bounded(name, OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw new InvalidValueException(
          name + " must be a time with a zone, as in 2030-01-31T12:00:00Z");
    }
  }

  /**
   * The time as it is kept.
   *
   * @param name the member that the refusal names
   * @throws InvalidValueException if it is out of bounds
   */
  public static Instant bounded(String name, Instant time) {
    var kept = time.truncatedTo(ChronoUnit.MICROS);
    if (kept.isBefore(FIRST) || kept.isAfter(LAST)) {
      throw new InvalidValueException(name + " must lie between " + FIRST + " and " + LAST);
    }
    return kept;
  }
}
