package dev.couponbook.cli.terminal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Text for a terminal of eighty columns. */
public final class Columns {
  public static final int WIDTH = 80;

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  private Columns() {}

  /** The text, cut to the terminal's width. */
  public static String cut(String text) {
    return cut(text, WIDTH);
  }

  /**
   * The text in at most this many columns, with an ellipsis if something is missing. Control
   * characters, which a partner may have put into a name, are shown as a replacement character.
   */
  public static String cut(String text, int columns) {
    var printable = printable(text);
    int length = printable.codePointCount(0, printable.length());
    return length <= columns
        ? printable
        : printable.substring(0, printable.offsetByCodePoints(0, columns - 1)) + "\u2026";
  }

  /** The text without control characters: what a partner sent must not steer a terminal. */
  public static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** A time to the minute, in UTC. */
  public static String minute(Instant time) {
    return MINUTE.format(time);
  }
}
