package dev.couponbook.ingest.upload;

import dev.couponbook.file.FileLayout;

/**
 * Whether a quote is open where a line ends. A quote opens a field if it is the field's first
 * character, and ends it unless another quote follows.
 *
 * <p>What lies behind an open quote is no row, up to the line that closes it, or up to a bound: a
 * quote that nobody closed must not cost the rest of the file.
 */
final class Quotes {
  /** Behind an open quote, so many lines are no rows. */
  static final int MAX_LINES = 1_000;

  /** With so many bytes a row is given up, and what follows is read again. */
  static final int MAX_BYTES = 64 * 1024;

  private final boolean[] endsField = new boolean[256];
  private final boolean trim;

  /**
   * @param delimiters the characters that may stand between fields
   */
  Quotes(String delimiters, boolean trim) {
    delimiters.chars().forEach(c -> endsField[c] = true);
    this.trim = trim;
  }

  /** The quotes of a file. */
  static Quotes of(FileLayout layout) {
    return new Quotes(layout.possibleDelimiters(), layout.trim());
  }

  /** Whether there is a quote at all. */
  static boolean isIn(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '"') {
        return true;
      }
    }
    return false;
  }

  /**
   * @param open whether a quote is open where the line begins
   * @return whether one is open where the line ends
   */
  boolean openAfter(byte[] bytes, int from, int to, boolean open) {
    boolean inside = open;
    boolean fieldBegins = !open;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (inside) {
        if (b == '"') {
          if (i + 1 < to && bytes[i + 1] == '"') {
            i++;
          } else {
            inside = false;
          }
        }
      } else if (b == '"' && fieldBegins) {
        inside = true;
        fieldBegins = false;
      } else if (endsField[b & 0xff]) {
        fieldBegins = true;
      } else if (!trim || b != ' ' && b != '\t') {
        fieldBegins = false;
      }
    }
    return inside;
  }
}
