package dev.couponbook.ingest.upload;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.file.CountedWarning;
import dev.couponbook.file.FileLayout;
import dev.couponbook.file.FileWarning;
import dev.couponbook.file.StatedLayout;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.load.UnusableFileException;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the first rows of a file tell of all others, before the first of them is loaded. */
final class FirstRows {
  /** Fewer rows get their report, even if none of them is good. */
  static final int ENOUGH = 20;

  private FirstRows() {}

  /**
   * Refuses a file of which each of the first rows would be rejected: the rest is not better, and a
   * million rejects help nobody.
   *
   * @param defaultExpiration of codes that have none of their own
   */
  static void refuseIfAllRejected(
      FileHead head, FileLayout layout, @Nullable Instant defaultExpiration, Instant now)
      throws IOException {
    var read = read(head, layout, defaultExpiration, now);
    if (!read.codes().isEmpty() || read.rejects().size() < ENOUGH) {
      return;
    }
    var rows =
        read.rejects().stream()
            .collect(
                Collectors.groupingBy(
                    RejectedRow::reason, TreeMap::new, Collectors.<RejectedRow>counting()));
    var commonest =
        rows.entrySet().stream().max(Comparator.comparingLong(Map.Entry::getValue)).orElseThrow();
    var reason = RejectReason.ofCode(commonest.getKey());
    throw new UnusableFileException(
        String.format(
            Locale.ROOT,
            "Each of the first %,d rows would be rejected, most of them (%,d) as %s. %s. %s",
            read.rejects().size(),
            commonest.getValue(),
            reason.code(),
            reason.message(),
            reason.hint()));
  }

  private static Block read(
      FileHead head, FileLayout layout, @Nullable Instant defaultExpiration, Instant now)
      throws IOException {
    int from = Math.toIntExact(layout.bodyStart());
    int to = head.lines().isEmpty() ? from : Math.max(from, head.lines().getLast().next());
    var rows = new RowReader(layout, defaultExpiration, now);
    var block = new Block.Builder(from, 0, FileHead.LINES);
    var in = new ByteArrayInputStream(head.bytes(), from, to - from);
    try (var lines = LineReader.atLine(in, from, to)) {
      while (!block.isFull() && lines.next()) {
        rows.read(lines, block);
      }
    }
    return block.build(to, to - from);
  }

  /**
   * Warns of a first row that may be a header in words that we do not know: it has letters only
   * where all others have a digit, or another length where those of all others are equal.
   */
  static List<CountedWarning> warnings(FileHead head, FileLayout layout, StatedLayout stated) {
    if (layout.hasHeader() || stated.header() != null) {
      return List.of();
    }
    var csv = new CsvFields(layout.delimiter(), layout.trim());
    var codes =
        head.lines().stream()
            .skip(layout.headerLines())
            .map(line -> csv.ofAny(line.text()))
            .filter(fields -> fields.size() > layout.codeColumn())
            .map(fields -> fields.get(layout.codeColumn()))
            .filter(code -> !code.isBlank())
            .toList();
    return codes.size() > 2 && isUnlike(codes.getFirst(), codes.subList(1, codes.size()))
        ? List.of(new CountedWarning(FileWarning.FIRST_ROW_LIKE_HEADER, 1, codes.getFirst()))
        : List.of();
  }

  private static boolean isUnlike(String first, List<String> others) {
    if (!CouponCode.isValid(first)) {
      return false; // it is rejected
    }
    boolean onlyLetters = first.chars().noneMatch(Character::isDigit);
    boolean allHaveDigits =
        others.stream().allMatch(code -> code.chars().anyMatch(Character::isDigit));
    boolean sameLength =
        others.stream().allMatch(code -> code.length() == others.getFirst().length());
    return onlyLetters && allHaveDigits
        || sameLength && first.length() != others.getFirst().length();
  }
}
