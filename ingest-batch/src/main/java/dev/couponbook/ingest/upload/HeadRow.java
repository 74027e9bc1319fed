package dev.couponbook.ingest.upload;

import dev.couponbook.ingest.upload.FileHead.Line;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A row among the first lines of a file, as it would be split at a delimiter. */
record HeadRow(List<String> fields, Line line) {
  /**
   * The rows of which the fields can be told. A row of several lines is told from its first; the
   * others are no rows.
   */
  static List<HeadRow> of(List<Line> lines, char delimiter) {
    var csv = new CsvFields(delimiter, false);
    var quotes = new Quotes(Character.toString(delimiter), false);
    var rows = new ArrayList<HeadRow>();
    boolean open = false;
    for (var line : lines) {
      var bytes = line.text().getBytes(StandardCharsets.UTF_8);
      boolean inside = open;
      open = quotes.openAfter(bytes, 0, bytes.length, open);
      if (inside || line.text().isBlank()) {
        continue;
      }
      var fields = csv.of(open ? line.text() + '"' : line.text());
      if (fields.broken() == null) {
        rows.add(new HeadRow(fields.values(), line));
      }
    }
    return rows;
  }

  /** Whether there are rows, and each has several fields. */
  static boolean areAllCut(List<HeadRow> rows) {
    return !rows.isEmpty() && rows.stream().allMatch(row -> row.fields.size() > 1);
  }

  /** The field, from 0, without spaces around it; empty if the row has none. */
  String field(int i) {
    return i < fields.size() ? fields.get(i).strip() : "";
  }
}
