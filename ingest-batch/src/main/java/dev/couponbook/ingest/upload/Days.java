package dev.couponbook.ingest.upload;

import java.util.regex.Pattern;

/** Tells cells that have a day or a time. */
final class Days {
  private static final Pattern LIKE =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}([.,]\\d+)?)?( ?(Z|UTC|[+-]\\d{2}:?\\d{2}))?)?",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern LOCAL =
      Pattern.compile("\\d{1,4}[./-]\\d{1,2}[./-]\\d{1,4}([T ,].*)?");

  private Days() {}

  /** Whether the cell has one as ISO 8601 or a database writes it. */
  static boolean isLike(String cell) {
    return LIKE.matcher(cell).matches();
  }

  /** Whether it has one in any form, possibly one that needs to be stated. */
  static boolean mayBe(String cell) {
    return isLike(cell) || LOCAL.matcher(cell).matches();
  }
}
