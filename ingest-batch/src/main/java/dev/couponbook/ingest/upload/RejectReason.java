package dev.couponbook.ingest.upload;

import java.util.Locale;

/** Why a row of a file cannot become a code: a name for machines, and two sentences for people. */
enum RejectReason {
  LINE_TOO_LONG(
      "The line is longer than 64 KiB",
      "Look for a missing line end; the line is shown up to its first 1,024 bytes"),
  BAD_UTF8("The line is not valid UTF-8", "Save the file as UTF-8"),
  OPEN_QUOTE(
      "A quoted field is not closed on its line",
      "Put the row on one line, close the quote, and write a quote inside a quoted field twice"),
  TEXT_AFTER_QUOTE(
      "There is text after a closing quote",
      "Put the delimiter right after the quote, and write a quote inside a quoted field twice"),
  FIELD_TOO_LONG("A field is longer than 1 KiB", "Look for a missing delimiter or line end"),
  NO_CODE("The row has no code", "Fill the code column, or remove the row"),
  HEADER_AGAIN("The row is the header once more", "Remove it: two files may have been joined"),
  INVALID_CODE(
      "A code has 1 to 64 printable ASCII characters and no spaces",
      "Look for accents, for characters that only look like ASCII, and for spaces around the code:"
          + " with layout.trim: true they do not count"),
  INVALID_EXPIRATION(
      "The expiration is not a time in ISO 8601 with a zone, or not of the form that was stated",
      "Write it as 2030-12-31T23:59:59Z, leave it empty, or state its form with layout.timeZone and"
          + " layout.dateFormat"),
  EXPIRED("The expiration is in the past", "Give a time to come, or leave it empty");

  private final String message;
  private final String hint;

  RejectReason(String message, String hint) {
    this.message = message;
    this.hint = hint;
  }

  /** The reason with this code. */
  static RejectReason ofCode(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }

  /** The reason code of the report. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  String message() {
    return message;
  }

  String hint() {
    return hint;
  }
}
