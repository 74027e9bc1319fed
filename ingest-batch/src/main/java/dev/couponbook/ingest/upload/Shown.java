package dev.couponbook.ingest.upload;

import java.util.List;

/** Pieces of a file in the reasons that partners read: short, and on one line. */
final class Shown {
  private static final int MOST = 80;

  private Shown() {}

  static String delimiter(char delimiter) {
    return switch (delimiter) {
      case ',' -> "a comma";
      case ';' -> "a semicolon";
      case '\t' -> "a tab";
      default -> "'" + delimiter + "'";
    };
  }

  static String text(List<String> columns) {
    return text(String.join(", ", columns));
  }

  static String text(String text) {
    var line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() > MOST ? line.substring(0, MOST) + "…" : line;
  }
}
