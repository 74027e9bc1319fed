package dev.couponbook.ingest.upload;

import dev.couponbook.file.ColumnChoice;
import dev.couponbook.file.ColumnChoice.Named;
import dev.couponbook.file.ColumnChoice.None;
import dev.couponbook.file.ColumnChoice.Numbered;
import dev.couponbook.file.FileLayout;
import dev.couponbook.file.StatedLayout;
import dev.couponbook.ingest.load.UnusableFileException;
import dev.couponbook.ingest.upload.FileHead.Line;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a file is to be read, from its first rows and from what its partner states. What
 * can be understood in two ways is refused, with what was seen and how to state what is meant.
 */
final class FindLayout {
  /** The delimiters that are looked for. */
  static final String DELIMITERS = ",;\t|";

  // Besides the comma, which is taken where there is none.
  private static final String OTHER_DELIMITERS = ";\t|";
  private static final Pattern SEP = Pattern.compile("\"?sep=(.)\\1*\"?", Pattern.CASE_INSENSITIVE);
  private static final Pattern WORDS =
      Pattern.compile("[\\p{L}\\p{M}][\\p{L}\\p{M} _.:/()&%?'’*#-]*");
  private static final Pattern MARKUP = Pattern.compile("<[!?a-zA-Z].*");
  private static final Pattern JSON = Pattern.compile("[{\\[]\\s*([{\\[\"\\]}].*)?");
  private static final int MOST_LINES_OF_HEADER = 10;

  private final boolean gzip;
  private final FileHead head;
  private final StatedLayout stated;
  private final List<Line> lines;
  private @Nullable Character sep;

  private FindLayout(boolean gzip, FileHead head, StatedLayout stated) {
    this.gzip = gzip;
    this.head = head;
    this.stated = stated;
    this.lines = head.lines();
  }

  /**
   * The layout of the file that begins like this.
   *
   * @param gzip whether the file is compressed
   * @throws UnusableFileException if it cannot be told how its rows are meant
   */
  static FileLayout of(boolean gzip, FileHead head, StatedLayout stated)
      throws UnusableFileException {
    return new FindLayout(gzip, head, stated).find();
  }

  private FileLayout find() throws UnusableFileException {
    int first = firstWithText(0);
    var directive = first < lines.size() ? SEP.matcher(lines.get(first).text()) : null;
    if (directive != null && directive.matches()) {
      sep = directive.group(1).charAt(0);
      first = firstWithText(first + 1);
    }
    if (first == lines.size()) {
      return withoutHeader(first, List.of());
    }
    if (!Boolean.FALSE.equals(stated.header())) {
      refuseOtherKinds(first);
      var header = header(first);
      if (header != null) {
        return withHeader(header);
      }
      refuseUnknownHeader(first);
      refuseHeaderBelow(first);
    }
    return withoutHeader(first, lines.subList(first, lines.size()));
  }

  private int firstWithText(int from) {
    int i = from;
    while (i < lines.size() && lines.get(i).text().isBlank()) {
      i++;
    }
    return i;
  }

  private void refuseOtherKinds(int first) throws UnusableFileException {
    if (lines.get(first).text().indexOf('\r') >= 0) {
      throw new UnusableFileException(FileHead.CR_ALONE);
    }
    var text = lines.get(first).text().strip();
    if (MARKUP.matcher(text).matches()) {
      throw refuse(
          "The file looks like HTML or XML: it begins with %s. Send the codes as CSV",
          Shown.text(text));
    }
    if (JSON.matcher(text).matches()) {
      throw refuse(
          "The file looks like JSON: it begins with %s. Send the codes as CSV", Shown.text(text));
    }
  }

  /**
   * A header.
   *
   * @param next the line behind it
   */
  private record Header(char delimiter, List<String> columns, int next) {}

  private @Nullable Header header(int first) throws UnusableFileException {
    var known =
        DELIMITERS
            .chars()
            .mapToObj(delimiter -> header(first, (char) delimiter))
            .filter(header -> header.columns.stream().anyMatch(KnownColumns::isCode))
            .findFirst();
    var asked = statedDelimiter();
    if (asked == null) {
      if (known.isPresent()) {
        return known.get();
      }
      return isHeaderStated() ? headerOfMostColumns(first) : null;
    }
    var header = header(first, asked);
    if (isHeaderStated() || header.columns.stream().anyMatch(KnownColumns::isCode)) {
      return header;
    }
    if (known.isPresent()) {
      throw refuse(
          "The delimiter should be %s, as %s, but the header has %s between its columns: %s",
          Shown.delimiter(asked),
          sep == null ? "layout.delimiter says" : "the line sep= says",
          Shown.delimiter(known.get().delimiter),
          Shown.text(lines.get(first).text()));
    }
    return null;
  }

  private @Nullable Character statedDelimiter() {
    return stated.delimiter() == null ? sep : stated.delimiter();
  }

  private boolean isHeaderStated() {
    return Boolean.TRUE.equals(stated.header())
        || stated.codeColumn() instanceof Named
        || stated.expirationColumn() instanceof Named;
  }

  // A spreadsheet may break a long name into lines.
  private Header header(int first, char delimiter) {
    var csv = new CsvFields(delimiter, true);
    var text = lines.get(first).text();
    for (int next = first + 1; ; next++) {
      var fields = csv.of(text);
      if (fields.broken() == null) {
        return new Header(delimiter, fields.values(), next);
      }
      if (next == lines.size() || next - first == MOST_LINES_OF_HEADER) {
        return new Header(delimiter, csv.ofAny(lines.get(first).text()), first + 1);
      }
      text += "\n" + lines.get(next).text();
    }
  }

  private Header headerOfMostColumns(int first) {
    var header = header(first, ',');
    for (char delimiter : OTHER_DELIMITERS.toCharArray()) {
      var other = header(first, delimiter);
      if (other.columns.size() > header.columns.size()) {
        header = other;
      }
    }
    return header;
  }

  private FileLayout withHeader(Header header) throws UnusableFileException {
    int code =
        column("codeColumn", stated.codeColumn(), header, KnownColumns.codes(header.columns));
    if (code < 0) {
      throw refuse(
          "The header has no column that we know for the code (%s); it has: %s. State which one it"
              + " is with layout.codeColumn",
          KnownColumns.SAMPLE, Shown.text(header.columns));
    }
    int end =
        column(
            "expirationColumn",
            stated.expirationColumn(),
            header,
            KnownColumns.ends(header.columns).stream().filter(i -> i != code).toList());
    if (code == end) {
      throw refuse(
          "The code and its expiration are in the same column: %s", header.columns.get(code));
    }
    var rows = HeadRow.of(lines.subList(header.next, lines.size()), header.delimiter);
    refuseHeaderAgain(header, rows);
    refuseOtherDelimiter(header);
    refuseUnknownTimes(rows, code, end, header.columns);
    return new FileLayout(
        gzip,
        header.delimiter,
        header.columns.size() > 1 || statedDelimiter() != null
            ? Character.toString(header.delimiter)
            : DELIMITERS,
        header.columns,
        header.columns.size(),
        code,
        end,
        stated.timeZone(),
        stated.dateFormat(),
        stated.trim(),
        RejectsCsv.isReport(header.columns),
        bodyStart(header.next),
        header.next);
  }

  // -1: there is none.
  private int column(
      String member, @Nullable ColumnChoice choice, Header header, List<Integer> known)
      throws UnusableFileException {
    return switch (choice) {
      case null -> {
        if (known.size() > 1) {
          throw refuse(
              "The header has several columns that may be meant: %s. State which one it is with"
                  + " layout.%s",
              Shown.text(known.stream().map(header.columns::get).toList()), member);
        }
        yield known.isEmpty() ? -1 : known.getFirst();
      }
      case None _ -> -1;
      case Numbered numbered -> {
        if (numbered.number() > header.columns.size()) {
          throw refuse(
              "layout.%s is %d, and the header has only %d columns: %s",
              member, numbered.number(), header.columns.size(), Shown.text(header.columns));
        }
        yield numbered.number() - 1;
      }
      case Named named -> named(member, named.name(), header);
    };
  }

  private int named(String member, String name, Header header) throws UnusableFileException {
    var exact = indexes(header, name::equals);
    var alike =
        exact.isEmpty()
            ? indexes(
                header, column -> KnownColumns.normal(column).equals(KnownColumns.normal(name)))
            : exact;
    if (alike.size() != 1) {
      throw refuse(
          "layout.%s is %s, and the header has %s column of this name; it has: %s",
          member, name, alike.isEmpty() ? "no" : "more than one", Shown.text(header.columns));
    }
    return alike.getFirst();
  }

  private static List<Integer> indexes(Header header, Predicate<String> condition) {
    return IntStream.range(0, header.columns.size())
        .filter(i -> condition.test(header.columns.get(i)))
        .boxed()
        .toList();
  }

  private void refuseHeaderAgain(Header header, List<HeadRow> rows) throws UnusableFileException {
    var again = new HeaderAgain(header.columns);
    for (var row : rows) {
      if (again.is(row.fields())) {
        throw refuse(
            "Line %d is the header once more: two files may have been joined. Remove it",
            lines.indexOf(row.line()) + 1);
      }
    }
  }

  // A header of one column does not tell the delimiter, and would let whole rows become codes.
  private void refuseOtherDelimiter(Header header) throws UnusableFileException {
    if (header.columns.size() > 1 || statedDelimiter() != null) {
      return;
    }
    for (char delimiter : OTHER_DELIMITERS.toCharArray()) {
      var rows = HeadRow.of(lines.subList(header.next, lines.size()), delimiter);
      if (HeadRow.areAllCut(rows)) {
        throw refuse(
            "The header has one column, and each row has %s: %s. State what stands between fields"
                + " with layout.delimiter",
            Shown.delimiter(delimiter), Shown.text(rows.getFirst().line().text()));
      }
    }
  }

  private void refuseUnknownTimes(List<HeadRow> rows, int code, int end, List<String> columns)
      throws UnusableFileException {
    if (end >= 0 || stated.expirationColumn() != null) {
      return;
    }
    int fields = rows.stream().mapToInt(row -> row.fields().size()).max().orElse(0);
    for (int column = 0; column < fields; column++) {
      int i = column;
      var values = rows.stream().map(row -> row.field(i)).filter(v -> !v.isEmpty()).toList();
      if (i != code && !values.isEmpty() && values.stream().allMatch(Days::isLike)) {
        throw refuse(
            "Column %s has times (%s) under a name that we do not know for an expiration. If the"
                + " codes end then, state layout.expirationColumn: %s; if they do not, state"
                + " layout.expirationColumn: null",
            i < columns.size() ? columns.get(i) : i + 1,
            values.getFirst(),
            i < columns.size() ? columns.get(i) : i + 1);
      }
    }
  }

  private void refuseUnknownHeader(int first) throws UnusableFileException {
    var asked = statedDelimiter();
    for (char delimiter : (asked == null ? DELIMITERS : asked.toString()).toCharArray()) {
      var columns = header(first, delimiter).columns;
      var named = columns.stream().filter(column -> !column.isBlank()).toList();
      boolean words =
          named.size() > 1 && named.stream().allMatch(name -> WORDS.matcher(name).matches());
      if (words || columns.stream().anyMatch(KnownColumns::isEnd)) {
        throw refuse(
            "The first line looks like a header and has no column that we know for the code (%s):"
                + " %s. State which column has the code with layout.codeColumn, or, if the line is"
                + " a row, layout.header: false",
            KnownColumns.SAMPLE, Shown.text(lines.get(first).text()));
      }
    }
  }

  private void refuseHeaderBelow(int first) throws UnusableFileException {
    for (int i = first + 1; i < lines.size(); i++) {
      for (char delimiter : DELIMITERS.toCharArray()) {
        var fields = new CsvFields(delimiter, true).ofAny(lines.get(i).text());
        if (fields.stream().anyMatch(KnownColumns::isCode)
            && fields.stream().allMatch(f -> f.isEmpty() || WORDS.matcher(f).matches())) {
          throw refuse(
              "Line %d looks like the header: %s. Remove the lines before it, or, if it is a row,"
                  + " state layout.header: false",
              i + 1, Shown.text(lines.get(i).text()));
        }
      }
    }
  }

  private FileLayout withoutHeader(int first, List<Line> body) throws UnusableFileException {
    char delimiter = delimiterOf(body);
    int code = number(stated.codeColumn(), 0);
    int end = number(stated.expirationColumn(), code == 0 ? 1 : -1);
    var rows = HeadRow.of(body, delimiter);
    refuseUnknownTimes(rows, code, end, List.of());
    int fields = rows.stream().mapToInt(row -> row.fields().size()).max().orElse(1);
    return new FileLayout(
        gzip,
        delimiter,
        statedDelimiter() != null || HeadRow.areAllCut(rows)
            ? Character.toString(delimiter)
            : DELIMITERS,
        List.of(),
        fields,
        code,
        end,
        stated.timeZone(),
        stated.dateFormat(),
        stated.trim(),
        false,
        bodyStart(sep == null ? 0 : first),
        sep == null ? 0 : first);
  }

  private static int number(@Nullable ColumnChoice choice, int usual) {
    return switch (choice) {
      case null -> usual;
      case None _ -> -1;
      case Numbered numbered -> numbered.number() - 1;
      case Named _ -> throw new IllegalStateException("a name without a header");
    };
  }

  private char delimiterOf(List<Line> body) throws UnusableFileException {
    var asked = statedDelimiter();
    if (asked != null) {
      return asked;
    }
    for (char delimiter : OTHER_DELIMITERS.toCharArray()) {
      var rows = HeadRow.of(body, delimiter);
      long cut = rows.stream().filter(row -> row.fields().size() > 1).count();
      if (HeadRow.areAllCut(rows)
          && rows.stream().allMatch(row -> row.field(1).isEmpty() || Days.mayBe(row.field(1)))) {
        return delimiter;
      }
      if (cut > 0 && cut * 2 >= rows.size() && rows.size() > 1) {
        throw refuse(
            "%,d of the first %,d rows have %s: %s. State what stands between fields with"
                + " layout.delimiter",
            cut,
            rows.size(),
            Shown.delimiter(delimiter),
            Shown.text(
                rows.stream()
                    .filter(row -> row.fields().size() > 1)
                    .findFirst()
                    .orElseThrow()
                    .line()
                    .text()));
      }
    }
    return ',';
  }

  private long bodyStart(int line) {
    return line == 0
        ? head.begin()
        : line < lines.size() ? lines.get(line).from() : lines.getLast().next();
  }

  private static UnusableFileException refuse(String sentence, Object... values) {
    return new UnusableFileException(String.format(Locale.ROOT, sentence, values));
  }
}
