package dev.couponbook.ingest.load;

import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of a part as they were read, one chunk's worth: the item of the job. A row an item would
 * cost Spring Batch more than reading it.
 *
 * @param from the part's position before the block
 * @param to its position behind
 * @param lines how many lines of a file the block has, empty ones too
 * @param bytes how many bytes of the object were read for it
 */
public record Block(
    long from, long to, long lines, long bytes, List<NewCode> codes, List<RejectedRow> rejects) {
  /**
   * Rows of a chunk. Fewer, and the commits are felt; more, and nothing gets faster while the
   * memory of each worker grows: a block of codes has 8 MB.
   */
  public static final int ROWS = 100_000;

  // Refused lines of up to 64 KiB would make a block of any size.
  private static final int MAX_REJECTED_CHARACTERS = 4 * 1024 * 1024;

  /** Fills a block. */
  public static final class Builder {
    private final long from;
    private final long linesBefore;
    private final List<NewCode> codes = new ArrayList<>();
    private final List<RejectedRow> rejects = new ArrayList<>();
    private long lines;
    private int rejectedCharacters;

    /**
     * @param linesBefore the lines of the part that were read before
     */
    public Builder(long from, long linesBefore) {
      this.from = from;
      this.linesBefore = linesBefore;
    }

    public boolean isFull() {
      return codes.size() + rejects.size() >= ROWS || rejectedCharacters >= MAX_REJECTED_CHARACTERS;
    }

    /** The number of the line to be added next, in its part, from 0. */
    public long line() {
      return linesBefore + lines;
    }

    public void addCode(NewCode code) {
      codes.add(code);
      lines++;
    }

    public void addReject(RejectedRow row) {
      rejects.add(row);
      rejectedCharacters += row.raw().length();
      lines++;
    }

    public void addEmptyLine() {
      lines++;
    }

    public Block build(long to, long bytes) {
      return new Block(from, to, lines, bytes, codes, rejects);
    }
  }
}
