package dev.couponbook.file;

import java.util.Locale;

/**
 * What looks like a mistake in a file and may be meant: the row is kept, and the partner is told.
 */
public enum FileWarning {
  FIRST_ROW_LIKE_HEADER(
      "The first row looks unlike all others and was taken as a code. If it names the column, undo"
          + " the load and send the file with layout.header: true"),
  SPREADSHEET_NUMBER(
      "Codes look like numbers that a spreadsheet has shortened, as in 1.23457E+11: their digits"
          + " are lost. Format the column as text and export the file again"),
  SPREADSHEET_ERROR(
      "Codes are errors of a spreadsheet, as in #N/A. Correct their formulas and export again"),
  FORMULA("Codes look like formulas of a spreadsheet, as in =\"00121\". Export the values instead"),
  EMPTY_WORD("Codes are words for nothing, as in NULL. Leave such rows out"),
  MARKUP("Codes look like markup, as in <html>. Check where the file comes from"),
  APOSTROPHE(
      "Codes begin with an apostrophe before a sign of a formula, as our reports write it. It is"
          + " taken away only from a report that still has its columns reject_line and reject_reason"),
  SEMICOLON(
      "Codes have a semicolon in them. If it stands between fields, undo the load and send the file"
          + " with layout.delimiter");

  private final String message;

  FileWarning(String message) {
    this.message = message;
  }

  /** The stable name for machines. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The sentence for people. */
  public String message() {
    return message;
  }

  /** The warning with this code. */
  public static FileWarning ofCode(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
