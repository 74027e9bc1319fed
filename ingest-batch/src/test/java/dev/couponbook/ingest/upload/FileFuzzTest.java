package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.file.StatedLayout;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.load.UnusableFileException;
import dev.couponbook.store.load.LoadParts.NewPart;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.testing.Effort;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Files of all kinds, read by us part by part and independently by another library: each is loaded
 * with exactly the same codes, or refused as a whole, or differs by rejected rows alone. There is
 * never another code.
 */
class FileFuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");
  private static final int FILES = Effort.of(150, 400, 2_000);
  private static final String[] NAMES = {
    "code",
    "Code",
    "CODE",
    "\"code\"",
    "coupon_code",
    "Voucher Code",
    "promo-code",
    " discount code "
  };
  private static final String[] ENDS = {"expiration", "Expires At", "valid_until", "\"End Date\""};

  /**
   * A file before it is written: lines that are rows, or pieces of them.
   *
   * @param broken all codes, if quotes are broken somewhere, and what the damage left of some
   */
  private record Draft(
      long seed,
      char delimiter,
      Charset charset,
      boolean mark,
      boolean sep,
      @Nullable String header,
      int codeColumn,
      int endColumn,
      boolean trim,
      List<String> rows,
      Set<String> broken) {

    Draft with(List<String> fewer) {
      return new Draft(
          seed, delimiter, charset, mark, sep, header, codeColumn, endColumn, trim, fewer, broken);
    }

    byte[] bytes() {
      var out = new ByteArrayOutputStream();
      if (mark) {
        out.writeBytes("\uFEFF".getBytes(charset));
      }
      if (sep) {
        out.writeBytes(("sep=" + delimiter + "\n").getBytes(charset));
      }
      out.writeBytes(body().getBytes(charset));
      return out.toByteArray();
    }

    String body() {
      return (header == null ? "" : header) + String.join("", rows);
    }

    StatedLayout stated() {
      return new StatedLayout(null, null, null, null, null, null, trim);
    }
  }

  private static Draft draft(long seed) {
    var random = new Random(seed);
    char delimiter = ",;\t|".charAt(random.nextInt(4));
    var charset =
        switch (random.nextInt(20)) {
          case 0 -> StandardCharsets.UTF_16LE;
          case 1 -> StandardCharsets.UTF_16BE;
          case 2, 3 -> StandardCharsets.ISO_8859_1;
          default -> StandardCharsets.UTF_8;
        };
    int columns = 1 + random.nextInt(4);
    boolean hasHeader = random.nextInt(4) > 0;
    int code = hasHeader ? random.nextInt(columns) : 0;
    int end = columns == 1 ? -1 : hasHeader ? random.nextInt(columns + 2) - 2 : 1;
    if (end == code) {
      end = -1;
    }
    var lineEnd =
        new String[] {"\n", "\r\n", "\n", "\r"}[random.nextInt(random.nextInt(9) == 0 ? 4 : 3)];
    var codes = new HashSet<String>();
    var broken = new HashSet<String>();
    var rows = new ArrayList<String>();
    // Some files are longer than what is looked back to, some have rows of its length.
    int number = new int[] {0, 1, 3, 30, 300, 4_000}[random.nextInt(6)];
    int longest = new int[] {3, 20, 200, 2_000}[random.nextInt(number > 300 ? 3 : 4)];
    int damage = random.nextInt(3) == 0 ? 1 + random.nextInt(60) : 0;
    boolean trim = random.nextInt(5) == 0;
    for (int i = 0; i < number; i++) {
      var row = new ArrayList<String>();
      for (int column = 0; column < columns; column++) {
        if (column == code) {
          row.add(cell(code(random, i, codes), delimiter, random, trim));
        } else if (column == end) {
          row.add(cell(end(random), delimiter, random, trim));
        } else {
          row.add(cell(note(random, longest, i), delimiter, random, trim));
        }
      }
      var line = String.join(Character.toString(delimiter), row);
      if (damage > 0 && random.nextInt(damage) == 0) {
        line = damaged(line, random);
        var cells = line.split(Pattern.quote(Character.toString(delimiter)));
        Stream.of(cells)
            .map(String::strip)
            .forEach(cell -> {
              broken.add(cell);
              broken.add(cell.replace("\"", ""));
            });
      }
      rows.add(line + (random.nextInt(50) == 0 ? "\n" : lineEnd));
      if (random.nextInt(60) == 0) {
        rows.add(lineEnd);
      }
      if (random.nextInt(60) == 0) {
        rows.add(Character.toString(delimiter).repeat(columns - 1) + lineEnd);
      }
    }
    if (!rows.isEmpty() && random.nextInt(3) == 0) {
      rows.add(rows.removeLast().stripTrailing());
    }
    return new Draft(
        seed,
        delimiter,
        charset,
        charset == StandardCharsets.UTF_8 && random.nextInt(4) == 0,
        random.nextInt(12) == 0,
        hasHeader ? header(columns, code, end, delimiter, random) + lineEnd : null,
        code,
        end,
        trim,
        rows,
        withAll(broken, codes));
  }

  private static Set<String> withAll(Set<String> broken, Set<String> codes) {
    if (!broken.isEmpty()) {
      broken.addAll(codes);
    }
    return broken;
  }

  private static String header(int columns, int code, int end, char delimiter, Random random) {
    var names = new ArrayList<String>();
    for (int i = 0; i < columns; i++) {
      names.add(
          i == code
              ? NAMES[random.nextInt(NAMES.length)]
              : i == end ? ENDS[random.nextInt(ENDS.length)] : "note " + i);
    }
    return String.join(Character.toString(delimiter), names);
  }

  private static String code(Random random, int i, Set<String> codes) {
    var code =
        switch (random.nextInt(30)) {
          case 0 -> "";
          case 1 -> "two words " + i;
          case 2 -> "ümläut" + i;
          case 3 -> "A\"" + i;
          case 4 -> "L".repeat(70);
          case 5 -> "=1+" + i;
          case 6 -> "x;y|" + i;
          default -> "KEY-" + i;
        };
    codes.add(code);
    return code;
  }

  private static String end(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> "2020-01-01T00:00:00Z";
      case 1 -> "tomorrow";
      case 2, 3 -> "";
      default -> "2036-12-31T23:59:59+01:00";
    };
  }

  private static String note(Random random, int longest, int i) {
    return switch (random.nextInt(12)) {
      case 0 -> "first\nNOT-A-CODE-" + i + "\nlast";
      case 1 -> "\nNOT-A-CODE-" + i + ",x;y\tz|\n";
      case 2 -> "say \"" + i + "\"";
      case 3 -> "x".repeat(random.nextInt(longest));
      case 4 -> "\"\nNOT-A-CODE-" + i + "\n\"";
      case 5 -> "";
      default -> "n" + i;
    };
  }

  private static String cell(String text, char delimiter, Random random, boolean trim) {
    boolean quotes =
        text.indexOf(delimiter) >= 0
            || text.indexOf('\n') >= 0
            || text.startsWith("\"")
            || random.nextInt(4) == 0;
    var cell = quotes ? '"' + text.replace("\"", "\"\"") + '"' : text;
    return trim && !quotes && random.nextInt(3) == 0 ? "  " + cell + " " : cell;
  }

  // What people and programs do to files: quotes that are missing, stray, or followed by text.
  private static String damaged(String line, Random random) {
    if (line.isEmpty()) {
      return "\"";
    }
    int at = random.nextInt(line.length());
    int quote = line.indexOf('"');
    return switch (random.nextInt(5)) {
      case 0 -> quote < 0 ? line : line.substring(0, quote) + line.substring(quote + 1);
      case 1 -> line.substring(0, at) + '"' + line.substring(at);
      case 2 -> '"' + line;
      case 3 -> line + '"';
      default -> line.substring(0, at);
    };
  }

  /** What we read: codes and rejects, or the reason why the file was refused. */
  private record Ours(List<String> codes, int rejects, @Nullable String refused) {}

  private static Ours ours(Draft draft) throws IOException {
    var bytes = draft.bytes();
    var codes = new ArrayList<String>();
    int rejects = 0;
    try {
      var head =
          FileHead.of(
              bytes.length > FileHead.LENGTH
                  ? java.util.Arrays.copyOf(bytes, FileHead.LENGTH)
                  : bytes);
      var layout = FindLayout.of(false, head, draft.stated());
      FirstRows.refuseIfAllRejected(head, layout, null, NOW);
      var parts = new ArrayList<NewPart>();
      var random = new Random(draft.seed);
      for (long from = layout.bodyStart(); from < bytes.length; ) {
        long to = Math.min(bytes.length, from + 1 + random.nextInt(1 + bytes.length / 5));
        parts.add(new NewPart(parts.size(), from, to, 0));
        from = to;
      }
      var cuts =
          new CutParts(
              layout,
              bytes.length,
              (from, to) -> new ByteArrayInputStream(bytes, (int) from, (int) (to - from)));
      for (var part : cuts.atRows(parts)) {
        // A new reader for each block, as after a kill.
        for (long position = part.from(); position < part.to(); ) {
          var rows = new RowReader(layout, null, NOW);
          var block = new Block.Builder(position, 0, 1 + random.nextInt(400));
          var in =
              new ByteArrayInputStream(
                  bytes,
                  (int) position - 1 + (position == layout.bodyStart() ? 1 : 0),
                  bytes.length);
          try (var lines =
              position == layout.bodyStart()
                  ? LineReader.atLine(in, position, part.to())
                  : LineReader.anywhere(in, position, part.to())) {
            boolean more = true;
            while (!block.isFull() && (more = lines.next())) {
              rows.read(lines, block);
            }
            long to = more ? lines.position() : Math.max(lines.position(), part.to());
            var built = block.build(to, 0);
            built.codes().stream().map(NewCode::text).forEach(codes::add);
            rejects += built.rejects().size();
            position = to;
          }
        }
      }
      return new Ours(codes, rejects, null);
    } catch (UnusableFileException e) {
      return new Ours(List.of(), 0, e.reason());
    }
  }

  /**
   * What the other library reads: the good codes in their order.
   *
   * @param endless whether a quote reaches further than we follow one
   * @param gaveUp whether there is text after a closing quote, which they do not read
   */
  private record Theirs(List<String> codes, boolean endless, boolean gaveUp) {}

  private static Theirs theirs(Draft draft) throws IOException {
    var codes = new ArrayList<String>();
    boolean endless = false;
    try (var reader =
        CsvReader.builder()
            .fieldSeparator(draft.delimiter)
            .allowMissingFields(true)
            .allowExtraFields(true)
            .maxBufferSize(64 * 1024 * 1024)
            .ofCsvRecord(draft.body())) {
      boolean header = draft.header != null;
      for (var row : reader) {
        endless |= row.getFields().stream().anyMatch(FileFuzzTest::isEndless);
        if (header) {
          header = false;
          continue;
        }
        var code = field(row, draft.codeColumn, draft.trim);
        if (CouponCode.isValid(code) && isGoodEnd(field(row, draft.endColumn, draft.trim))) {
          codes.add(code);
        }
      }
    } catch (CsvParseException e) {
      return new Theirs(codes, endless, true);
    }
    return new Theirs(codes, endless, false);
  }

  private static boolean isEndless(String field) {
    return field.length() > Quotes.MAX_BYTES - 4_096 || field.lines().count() >= Quotes.MAX_LINES;
  }

  private static String field(CsvRecord row, int column, boolean trim) {
    var field = column < 0 || column >= row.getFieldCount() ? "" : row.getField(column);
    return trim ? field.replaceAll("^[ \t]+|[ \t]+$", "") : field;
  }

  private static boolean isGoodEnd(String text) {
    try {
      return text.isEmpty() || OffsetDateTime.parse(text).toInstant().isAfter(NOW);
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static @Nullable String complaint(Draft draft) throws IOException {
    var ours = ours(draft);
    if (ours.refused != null) {
      return null;
    }
    var theirs = theirs(draft);
    if (isUnread(theirs)) {
      return null; // we go on reading at some point, and may be right or wrong
    }
    int next = 0;
    for (var code : theirs.codes) {
      // Where quotes are broken, they take rows for one that we tell apart.
      while (next < ours.codes.size()
          && !ours.codes.get(next).equals(code)
          && draft.broken.contains(ours.codes.get(next))) {
        next++;
      }
      if (next < ours.codes.size() && ours.codes.get(next).equals(code)) {
        next++;
      }
    }
    while (next < ours.codes.size() && draft.broken.contains(ours.codes.get(next))) {
      next++;
    }
    if (next < ours.codes.size()) {
      return "another code: " + ours.codes.get(next);
    }
    return theirs.codes.size() > ours.codes.size() && ours.rejects == 0
        ? "%d codes are missing, and nothing was rejected"
            .formatted(theirs.codes.size() - ours.codes.size())
        : null;
  }

  private static boolean isUnread(Theirs theirs) {
    return theirs.endless || theirs.gaveUp;
  }

  @Test
  void each_file_has_the_codes_that_another_library_reads_or_fewer_with_rejects()
      throws IOException {
    int same = 0;
    int withRejects = 0;
    int refused = 0;
    int gaveUp = 0;
    for (long seed = 1; seed <= FILES; seed++) {
      var draft = draft(seed);
      var complaint = complaint(draft);
      assertThat(complaint).as("%s", complaint == null ? seed : smaller(draft)).isNull();
      var ours = ours(draft);
      refused += ours.refused == null ? 0 : 1;
      gaveUp += ours.refused == null && isUnread(theirs(draft)) ? 1 : 0;
      withRejects += ours.rejects > 0 ? 1 : 0;
      same += ours.refused == null && ours.rejects == 0 ? 1 : 0;
    }
    System.out.printf(
        "%d files: %d the same codes, %d with rejects, %d refused, 0 other codes (%d of them given up by"
            + " the other library)%n",
        FILES, same, withRejects, refused, gaveUp);
    assertThat(same).as("loaded whole").isGreaterThan(FILES / 10);
    assertThat(withRejects).isGreaterThan(FILES / 10);
  }

  // Leaves out rows as long as the complaint stays.
  private static String smaller(Draft draft) throws IOException {
    var rows = draft.rows;
    for (int size = Math.max(1, rows.size() / 2); size > 0; size /= 2) {
      for (int from = 0; from < rows.size(); ) {
        var fewer = new ArrayList<>(rows);
        fewer.subList(from, Math.min(from + size, rows.size())).clear();
        if (complaint(draft.with(fewer)) == null) {
          from += size;
        } else {
          rows = fewer;
        }
      }
    }
    var smallest = draft.with(rows);
    return "seed %d, %s, as small as this: %s"
        .formatted(
            draft.seed,
            complaint(smallest),
            smallest.body().replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t"));
  }
}
