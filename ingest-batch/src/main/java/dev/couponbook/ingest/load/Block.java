package dev.couponbook.ingest.load;

import dev.couponbook.file.CountedWarning;
import dev.couponbook.file.FileWarning;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of a part that were read together: one item of Spring Batch. One item per row would cost
 * Spring Batch more than reading the row.
 *
 * @param from the part's position before the block
 * @param to the part's position after it
 * @param lines how many lines of a file the block has, empty ones included
 * @param bytes how many bytes of the object were read for it
 * @param warnings codes that look like mistakes, counted
 */
public record Block(
    long from,
    long to,
    long lines,
    long bytes,
    List<NewCode> codes,
    List<RejectedRow> rejects,
    List<CountedWarning> warnings) {
  /**
   * Rows of a block, and so of a chunk. With fewer, the commits show; with more, nothing gets
   * faster while each worker needs more memory: a block of codes takes 8 MB.
   */
  public static final int ROWS = 100_000;

  // Rejected lines of up to 64 KiB each could otherwise make a block of any size.
  private static final int MAX_REJECTED_CHARACTERS = 4 * 1024 * 1024;

  /** Fills a block. */
  public static final class Builder {
    private final long from;
    private final long linesBefore;
    private final int rows;
    private final List<NewCode> codes = new ArrayList<>();
    private final List<RejectedRow> rejects = new ArrayList<>();
    private final Map<FileWarning, CountedWarning> warnings = new EnumMap<>(FileWarning.class);
    private long lines;
    private int rejectedCharacters;

    /**
     * @param linesBefore the lines of the part that were read before
     * @param rows how many rows make the block full
     */
    public Builder(long from, long linesBefore, int rows) {
      this.from = from;
      this.linesBefore = linesBefore;
      this.rows = rows;
    }

    public boolean isFull() {
      return codes.size() + rejects.size() >= rows || rejectedCharacters >= MAX_REJECTED_CHARACTERS;
    }

    /** The number of the line to be added next, within its part, from 0. */
    public long line() {
      return linesBefore + lines;
    }

    public void addCode(NewCode code) {
      codes.add(code);
      lines++;
    }

    /**
     * @param ofLines how many lines the row has
     */
    public void addReject(RejectedRow row, int ofLines) {
      rejects.add(row);
      rejectedCharacters += row.raw().length();
      lines += ofLines;
    }

    /** Counts a code that looks like a mistake. */
    public void warn(FileWarning warning, String code) {
      warnings.merge(
          warning,
          new CountedWarning(warning, 1, code),
          (all, one) -> new CountedWarning(warning, all.rows() + 1, all.example()));
    }

    public void addEmptyLine() {
      lines++;
    }

    public Block build(long to, long bytes) {
      return new Block(from, to, lines, bytes, codes, rejects, List.copyOf(warnings.values()));
    }
  }
}
