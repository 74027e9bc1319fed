package dev.couponbook.ingest.upload;

import dev.couponbook.file.FileLayout;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.RejectedRows;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The rejected rows in the order of the file: its own columns, then place and reason. The report
 * can be corrected and uploaded as it is.
 */
final class RejectsCsv {
  // Names that no file of a partner has by chance: they mark the report.
  private static final String LINE = "reject_line";
  private static final String REASON = "reject_reason";
  private static final String REST = "reject_rest";
  private static final List<String> OUR_COLUMNS =
      List.of(LINE, "reject_byte_offset", REASON, "reject_message", "reject_hint");
  private static final String GUARDED =
      ". The apostrophe at the beginning of a cell is ours: it goes when this report is uploaded"
          + " with its columns";

  // Rows in memory at once, of up to 64 KiB each.
  private static final int PAGE = 200;

  private final CodeLoad load;
  private final FileLayout layout;
  private final List<Integer> kept;

  RejectsCsv(CodeLoad load) {
    this.load = load;
    this.layout = FileLayout.ofJson(Objects.requireNonNull(load.layout()));
    this.kept = keptColumns(layout.originalColumns());
  }

  /** Whether a file with this header is one of our reports. */
  static boolean isReport(List<String> columns) {
    return columns.contains(LINE) && columns.contains(REASON);
  }

  // A report that was uploaded again already has our columns; they are written anew.
  private static List<Integer> keptColumns(List<String> columns) {
    var kept = new ArrayList<Integer>();
    for (int i = 0; i < columns.size(); i++) {
      if (!OUR_COLUMNS.contains(columns.get(i)) && !columns.get(i).equals(REST)) {
        kept.add(i);
      }
    }
    return kept;
  }

  void writeTo(OutputStream out, Transactions transactions) throws IOException {
    var csv =
        new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), CSVFormat.RFC4180);
    var header = new ArrayList<String>();
    kept.forEach(column -> header.add(layout.originalColumns().get(column)));
    header.addAll(OUR_COLUMNS);
    boolean withRest =
        transactions.inTransaction(c ->
            RejectedRows.anyHasMoreFields(
                c, load.id(), layout.delimiter(), layout.originalColumns().size()));
    if (withRest) {
      header.add(REST);
    }
    csv.printRecord(header);
    long linesBefore = 0;
    for (var part : transactions.inTransaction(c -> LoadParts.ofLoad(c, load.id()))) {
      write(part.part(), linesBefore, withRest, csv, transactions);
      linesBefore += part.lines();
    }
    csv.flush();
  }

  // Page by page, so that no transaction stays open while the bucket is slow.
  private void write(
      int part, long linesBefore, boolean withRest, CSVPrinter csv, Transactions transactions)
      throws IOException {
    List<RejectedRow> page;
    long last = -1;
    do {
      long after = last;
      page = transactions.inTransaction(c -> RejectedRows.page(c, load.id(), part, after, PAGE));
      for (var row : page) {
        csv.printRecord(cells(row, linesBefore + row.line() + 1, withRest));
        last = row.line();
      }
    } while (page.size() == PAGE);
  }

  private List<String> cells(RejectedRow row, long line, boolean withRest) {
    var fields = new CsvFields(layout.delimiter(), layout.trim()).ofAny(row.raw());
    var cells = new ArrayList<String>();
    boolean guarded = false;
    for (int column : kept) {
      var field = column < fields.size() ? fields.get(column) : "";
      var own = layout.apostrophes() ? FormulaCells.unguard(field) : field;
      cells.add(FormulaCells.guard(own));
      guarded |= FormulaCells.isFormula(own);
    }
    cells.add(Long.toString(line));
    cells.add(Long.toString(row.offset()));
    var reason = RejectReason.ofCode(row.reason());
    cells.add(reason.code());
    cells.add(reason.message());
    cells.add(guarded ? reason.hint() + GUARDED : reason.hint());
    if (withRest) {
      cells.add(FormulaCells.guard(rest(fields)));
    }
    return cells;
  }

  // The fields for which the header has no column.
  private String rest(List<String> fields) {
    int columns = layout.originalColumns().size();
    return fields.size() <= columns
        ? ""
        : String.join(
            Character.toString(layout.delimiter()), fields.subList(columns, fields.size()));
  }
}
