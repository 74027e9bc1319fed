package dev.couponbook.ingest.upload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one line. A line with quotes is read by RFC 4180; a line without is only split at
 * its delimiters.
 */
final class CsvFields {
  private final char delimiter;
  private final boolean trim;
  private final CSVFormat format;

  /**
   * @param trim whether spaces and tabs around a field do not belong to it
   */
  CsvFields(char delimiter, boolean trim) {
    this.delimiter = delimiter;
    this.trim = trim;
    this.format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(delimiter)
            .setIgnoreEmptyLines(false)
            .setIgnoreSurroundingSpaces(trim)
            .get();
  }

  /** What a row is: its fields, or the reason why they cannot be read. */
  record Fields(List<String> values, @Nullable RejectReason broken) {}

  Fields of(String line) {
    if (line.indexOf('"') < 0) {
      return new Fields(split(line), null);
    }
    // Commons CSV ends a record at a CR, which to us is a character. A NUL is just as invalid in
    // a code.
    var text = line.replace('\r', '\0');
    try (var parser = CSVParser.parse(text, format)) {
      var records = parser.iterator();
      var values = records.hasNext() ? records.next().toList() : List.of("");
      return trim || isWhole(text, values)
          ? new Fields(trimmed(values), null)
          : new Fields(List.of(), RejectReason.TEXT_AFTER_QUOTE);
    } catch (UncheckedIOException | IOException e) {
      return new Fields(List.of(), brokenBy(text));
    }
  }

  // Commons CSV skips spaces after a closing quote, and we do not.
  private boolean isWhole(String text, List<String> values) {
    int at = 0;
    for (int i = 0; i < values.size(); i++) {
      var value = values.get(i);
      if (i > 0 && (at >= text.length() || text.charAt(at++) != delimiter)) {
        return false;
      }
      boolean quoted = at < text.length() && text.charAt(at) == '"';
      at += value.length() + (quoted ? 2 + (int) value.chars().filter(c -> c == '"').count() : 0);
    }
    return at == text.length();
  }

  // The parser's exceptions differ only in their text. A quote that is still open at the end is
  // one of the two possible mistakes; text after a closing quote is the other.
  private RejectReason brokenBy(String text) {
    boolean open = false;
    boolean fieldBegins = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (open) {
        if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
          i++;
        } else if (c == '"') {
          open = false;
          if (i + 1 < text.length() && text.charAt(i + 1) != delimiter) {
            return RejectReason.TEXT_AFTER_QUOTE;
          }
        }
      } else {
        open = fieldBegins && c == '"';
        fieldBegins = c == delimiter;
      }
    }
    return open ? RejectReason.OPEN_QUOTE : RejectReason.TEXT_AFTER_QUOTE;
  }

  /** The fields of any line; if they cannot be read, the line itself is the only field. */
  List<String> ofAny(String line) {
    var fields = of(line);
    return fields.broken() == null ? fields.values() : List.of(line);
  }

  private List<String> split(String line) {
    var values = new ArrayList<String>();
    int begin = 0;
    for (int end = line.indexOf(delimiter); end >= 0; end = line.indexOf(delimiter, begin)) {
      values.add(line.substring(begin, end));
      begin = end + 1;
    }
    values.add(line.substring(begin));
    return trimmed(values);
  }

  private List<String> trimmed(List<String> values) {
    return trim ? values.stream().map(CsvFields::trimmed).toList() : values;
  }

  /** The cell without the spaces and tabs around it. */
  private static String trimmed(String cell) {
    int from = 0;
    int to = cell.length();
    while (from < to && isSpace(cell.charAt(from))) {
      from++;
    }
    while (from < to && isSpace(cell.charAt(to - 1))) {
      to--;
    }
    return cell.substring(from, to);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
