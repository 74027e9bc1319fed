package dev.couponbook.file;

import dev.couponbook.coupon.InvalidValueException;
import org.jspecify.annotations.Nullable;

/**
 * What a partner says of its file. What it leaves out is found out from the file.
 *
 * @param header whether the first line names the columns
 * @param delimiter the character between two fields
 * @param codeColumn the column that has the code
 * @param expirationColumn the column that has the expiration
 * @param timeZone the zone of days and of times that have none: of the IANA database, or an offset
 * @param dateFormat the form of an expiration, as a pattern of {@code DateTimeFormatter}
 * @param trim whether spaces and tabs around a cell do not belong to it
 */
public record StatedLayout(
    @Nullable Boolean header,
    @Nullable Character delimiter,
    @Nullable ColumnChoice codeColumn,
    @Nullable ColumnChoice expirationColumn,
    @Nullable String timeZone,
    @Nullable String dateFormat,
    boolean trim) {
  /** Nothing is said: everything is found out. */
  public static final StatedLayout NOTHING =
      new StatedLayout(null, null, null, null, null, null, false);

  public StatedLayout {
    if (delimiter != null && !isDelimiter(delimiter)) {
      throw new InvalidValueException(
          "delimiter must be a tab or one ASCII character that is no letter, digit, quote or space");
    }
    if (codeColumn == ColumnChoice.None.NONE) {
      throw new InvalidValueException("codeColumn must be a column");
    }
    if (Boolean.FALSE.equals(header)) {
      requireNumber("codeColumn", codeColumn);
      requireNumber("expirationColumn", expirationColumn);
    }
    if (codeColumn != null && codeColumn.equals(expirationColumn)) {
      throw new InvalidValueException("expirationColumn must be another column than codeColumn");
    }
    EndFormat.of(timeZone, dateFormat); // refuses what it cannot understand
  }

  private static boolean isDelimiter(char c) {
    return c == '\t' || c > ' ' && c < 0x7f && c != '"' && !Character.isLetterOrDigit(c);
  }

  private static void requireNumber(String member, @Nullable ColumnChoice column) {
    if (column instanceof ColumnChoice.Named) {
      throw new InvalidValueException(
          member + " must be a number if the file has no header, as there are no names then");
    }
  }
}
