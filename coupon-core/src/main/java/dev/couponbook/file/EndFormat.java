package dev.couponbook.file;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.Times;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the ends in a file are written. Without a word from the partner they are times in ISO 8601
 * with a zone, and nothing else is guessed. With a time zone, ISO days and times without a zone are
 * understood as well. With a date format, that form is and no other. A day ends at its last
 * microsecond.
 */
public final class EndFormat {
  private static final String NAME = "expiration";
  private static final int MAX_PATTERN = 64;
  private static final int DAY = "2030-12-31".length();
  // All parts differ, so that a pattern that loses one is noticed.
  private static final ZonedDateTime PROBE =
      ZonedDateTime.of(2031, 2, 13, 16, 5, 0, 0, ZoneOffset.UTC);

  private final @Nullable ZoneId zone;
  private final @Nullable DateTimeFormatter format;

  private EndFormat(@Nullable ZoneId zone, @Nullable DateTimeFormatter format) {
    this.zone = zone;
    this.format = format;
  }

  /**
   * The format that a partner states; see {@link StatedLayout}.
   *
   * @throws InvalidValueException if it names a zone or has a pattern that cannot be understood
   */
  public static EndFormat of(@Nullable String timeZone, @Nullable String dateFormat) {
    var zone = timeZone == null ? null : zone(timeZone);
    return new EndFormat(zone, dateFormat == null ? null : format(dateFormat, zone));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new InvalidValueException(
          "timeZone must be a time zone, as in Europe/Berlin or +01:00");
    }
  }

  private static DateTimeFormatter format(String pattern, @Nullable ZoneId zone) {
    if (pattern.isBlank() || pattern.length() > MAX_PATTERN) {
      throw new InvalidValueException("dateFormat must have 1 to " + MAX_PATTERN + " characters");
    }
    var format = formatter(pattern);
    try {
      var parsed = format.parse(format.format(PROBE));
      if (!LocalDate.from(parsed).equals(PROBE.toLocalDate())) {
        throw new DateTimeException("another day");
      }
      // A pattern with hours but without their half of the day would lose them.
      if (!format.format(PROBE).equals(format.format(PROBE.plusHours(1)))
          && !LocalDateTime.from(parsed).equals(PROBE.toLocalDateTime())) {
        throw new DateTimeException("another time");
      }
      if (zone == null && !hasZone(parsed)) {
        throw new InvalidValueException("timeZone must come with a dateFormat that has no zone");
      }
      return format;
    } catch (DateTimeException e) {
      throw new InvalidValueException(
          "dateFormat must have a whole day, and a whole time or none, as in dd.MM.yyyy HH:mm");
    }
  }

  private static DateTimeFormatter formatter(String pattern) {
    try {
      return new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern(withYearsOfNoEra(pattern))
          .toFormatter(Locale.ENGLISH)
          .withResolverStyle(ResolverStyle.STRICT);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(
          "dateFormat must be a pattern of Java's DateTimeFormatter, as in dd.MM.yyyy");
    }
  }

  // Read strictly, yyyy wants an era beside it, which nobody means.
  private static String withYearsOfNoEra(String pattern) {
    var replaced = new StringBuilder();
    boolean quoted = false;
    for (char c : pattern.toCharArray()) {
      quoted ^= c == '\'';
      replaced.append(c == 'y' && !quoted ? 'u' : c);
    }
    return replaced.toString();
  }

  /**
   * Reads an end.
   *
   * @throws InvalidValueException if it is not of this form, or is out of bounds
   */
  public Instant parse(String text) {
    try {
      if (format != null) {
        return end(format.parse(text));
      }
      return zone == null || hasZone(text) ? Times.parse(NAME, text) : end(local(text));
    } catch (DateTimeException e) {
      throw new InvalidValueException(NAME + " is not of the form that was stated");
    }
  }

  private static boolean hasZone(String text) {
    return text.endsWith("Z")
        || text.endsWith("z")
        || text.lastIndexOf('+') >= DAY
        || text.lastIndexOf('-') >= DAY;
  }

  // Databases and spreadsheets print a space where ISO 8601 has a T.
  private static TemporalAccessor local(String text) {
    return text.length() <= DAY
        ? LocalDate.parse(text)
        : LocalDateTime.parse(
            text.charAt(DAY) == ' '
                ? text.substring(0, DAY) + "T" + text.substring(DAY + 1)
                : text);
  }

  private Instant end(TemporalAccessor parsed) {
    if (hasZone(parsed)) {
      return Times.bounded(NAME, Instant.from(parsed));
    }
    var stated = requireNonNull(zone);
    var end =
        parsed.isSupported(ChronoField.SECOND_OF_DAY)
            ? LocalDateTime.from(parsed).atZone(stated).toInstant()
            : LocalDate.from(parsed)
                .plusDays(1)
                .atStartOfDay(stated)
                .toInstant()
                .minus(1, ChronoUnit.MICROS);
    return Times.bounded(NAME, end);
  }

  private static boolean hasZone(TemporalAccessor parsed) {
    return parsed.isSupported(ChronoField.INSTANT_SECONDS);
  }
}
