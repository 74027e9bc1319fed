package dev.couponbook.edge.upload;

import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.file.ColumnChoice;
import dev.couponbook.file.StatedLayout;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a partner states of its file; see {@link StatedLayout}.
 *
 * @param codeColumn a name, or a number from 1
 * @param expirationColumn as {@code codeColumn}; null where it is written says that there is none
 */
public record LayoutBody(
    @Nullable Boolean header,
    @Nullable String delimiter,
    @Nullable JsonNode codeColumn,
    @Nullable JsonNode expirationColumn,
    @Nullable String timeZone,
    @Nullable String dateFormat,
    @Nullable Boolean trim) {

  /**
   * @throws ProblemException 400 {@code invalid_value} with the member that cannot be meant
   */
  StatedLayout stated() {
    try {
      return new StatedLayout(
          header,
          character(),
          column("codeColumn", codeColumn),
          column("expirationColumn", expirationColumn),
          timeZone,
          dateFormat,
          trim != null && trim);
    } catch (InvalidValueException e) {
      throw ProblemException.invalidIn("layout", e);
    }
  }

  private @Nullable Character character() {
    if (delimiter == null) {
      return null;
    }
    if (delimiter.length() != 1) {
      throw new InvalidValueException("delimiter must be one character");
    }
    return delimiter.charAt(0);
  }

  private static @Nullable ColumnChoice column(String member, @Nullable JsonNode column) {
    if (column == null) {
      return null;
    }
    if (column.isNull()) {
      return ColumnChoice.None.NONE;
    }
    try {
      if (column.isString()) {
        return new ColumnChoice.Named(column.asString());
      }
      if (column.isIntegralNumber() && column.canConvertToInt()) {
        return new ColumnChoice.Numbered(column.asInt());
      }
    } catch (InvalidValueException e) {
      throw new InvalidValueException(member + " must be a column: " + e.getMessage());
    }
    throw new InvalidValueException(member + " must be a column's name, or its number from 1");
  }
}
