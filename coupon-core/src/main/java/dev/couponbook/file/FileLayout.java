package dev.couponbook.file;

import dev.couponbook.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a file is read, as its first rows and its partner say.
 *
 * @param gzip whether it is compressed; all places are those of its text then
 * @param possibleDelimiters the delimiter; or each that may be one, if the file does not show it: a
 *     quote after any of them may then be open
 * @param columns the names in the header; empty where the file has no header
 * @param fields how many fields a row has: those of the header, or the most of the first rows
 * @param codeColumn the field that has the code, from 0
 * @param expirationColumn the field that has the expiration, from 0; -1 if none has
 * @param timeZone as {@link StatedLayout} has it
 * @param dateFormat as {@link StatedLayout} has it
 * @param trim whether spaces and tabs around a cell do not belong to it
 * @param apostrophes whether the file is one of our reports, in which a cell that looks like a
 *     formula begins with an apostrophe of ours
 * @param bodyStart the byte at which the rows begin
 * @param headerLines lines before the rows
 */
public record FileLayout(
    boolean gzip,
    char delimiter,
    String possibleDelimiters,
    List<String> columns,
    int fields,
    int codeColumn,
    int expirationColumn,
    @Nullable String timeZone,
    @Nullable String dateFormat,
    boolean trim,
    boolean apostrophes,
    long bodyStart,
    int headerLines) {

  /** Whether the file has a header. */
  public boolean hasHeader() {
    return !columns.isEmpty();
  }

  /** The form of an expiration. */
  public EndFormat endFormat() {
    return EndFormat.of(timeZone, dateFormat);
  }

  /**
   * What was understood of a file, in the words in which a partner can state it.
   *
   * @param codeColumn the column's name, or its number from 1 in a file without a header
   * @param expirationColumn as {@code codeColumn}; null: no code has an end of its own
   * @param columnsPassedOver the columns that are not read
   */
  public record Understood(
      boolean header,
      String delimiter,
      Object codeColumn,
      @Nullable Object expirationColumn,
      @Nullable String timeZone,
      @Nullable String dateFormat,
      boolean trim,
      List<Object> columnsPassedOver) {}

  /** What was understood, for people and their programs. */
  public Understood understood() {
    var passedOver = new ArrayList<>();
    for (int i = 0; i < fields; i++) {
      if (i != codeColumn && i != expirationColumn) {
        passedOver.add(column(i));
      }
    }
    return new Understood(
        hasHeader(),
        Character.toString(delimiter),
        column(codeColumn),
        expirationColumn < 0 ? null : column(expirationColumn),
        timeZone,
        dateFormat,
        trim,
        passedOver);
  }

  private Object column(int i) {
    return i < columns.size() ? columns.get(i) : i + 1;
  }

  /**
   * The columns of the report of rejects: those of the header, or names for the fields of a row.
   */
  public List<String> originalColumns() {
    if (hasHeader()) {
      return columns;
    }
    var names = new ArrayList<String>();
    for (int i = 0; i < Math.max(fields, Math.max(codeColumn, expirationColumn) + 1); i++) {
      names.add(
          i == codeColumn ? "code" : i == expirationColumn ? "expiration" : "column_" + (i + 1));
    }
    return names;
  }

  /** What was understood of the file of a load; null if its row has no layout. */
  public static @Nullable Understood understood(@Nullable String json) {
    return json == null ? null : ofJson(json).understood();
  }

  /** As the load's row keeps it. */
  public String toJson() {
    return Json.mapper().writeValueAsString(this);
  }

  /** Reads what {@link #toJson()} wrote. */
  public static FileLayout ofJson(String json) {
    return Json.mapper().readValue(json, FileLayout.class);
  }
}
