package dev.couponbook.ingest.upload;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines that begin in a range of a file's bytes, one after the other in one buffer. LF ends a
 * line, and a CR before it belongs to the line's end; a CR alone is a byte like any other. An
 * over-long line is skipped in constant memory.
 */
final class LineReader implements Closeable {
  /** Bytes of a line, without its end. */
  static final int MAX_LINE = 64 * 1024;

  /** How many bytes of an over-long line are kept, for the report. */
  static final int KEPT_OF_LONG_LINE = 1024;

  // Several times the longest line, so that little is moved when the buffer is filled again.
  private static final int BUFFER = 512 * 1024;

  private final InputStream in;
  private final long rangeEnd;
  private final byte[] buffer = new byte[BUFFER];
  private long bufferOffset;
  private int next;
  private int limit;

  private byte[] line = buffer;
  private int from;
  private int to;
  private long offset;
  private boolean tooLong;

  private LineReader(InputStream in, long offset, long rangeEnd) {
    this.in = in;
    this.bufferOffset = offset;
    this.rangeEnd = rangeEnd;
  }

  /**
   * Reads the lines that begin in a range.
   *
   * @param in the file from {@code position} on
   * @param position where a line begins
   * @param rangeEnd lines that begin here or later belong to another range
   */
  static LineReader atLine(InputStream in, long position, long rangeEnd) {
    return new LineReader(in, position, rangeEnd);
  }

  /**
   * Reads the lines that begin in a range that may begin anywhere: a line that it cuts in two
   * belongs to the range before.
   *
   * @param in the file from {@code position - 1} on: only the byte before tells whether a line
   *     begins here
   */
  static LineReader anywhere(InputStream in, long position, long rangeEnd) throws IOException {
    var reader = new LineReader(in, position - 1, rangeEnd);
    reader.skipLine();
    return reader;
  }

  /** How many bytes after a range its last line may need. */
  static long overhang() {
    return MAX_LINE + 2; // CR and LF
  }

  /** Goes to the next line; false if no more lines begin in the range. */
  boolean next() throws IOException {
    offset = position();
    if (offset >= rangeEnd) {
      return false;
    }
    int searched = next;
    while (true) {
      int end = indexOfLineFeed(searched);
      if (end >= 0) {
        take(next, end);
        next = end + 1;
        return true;
      }
      if (limit - next > MAX_LINE + 1) { // the one more may be a CR
        takeBeginning();
        return true;
      }
      searched = limit - next;
      if (!fill()) {
        take(next, limit);
        boolean lastLineWithoutEnd = limit > next;
        next = limit;
        return lastLineWithoutEnd;
      }
    }
  }

  /**
   * Adds the next line to this one, with the line end between them.
   *
   * @param most how many bytes both may have, with their line ends
   * @return false if no more lines begin in the range, or both would have more; this line stays as
   *     it is then
   */
  boolean extend(int most) throws IOException {
    if (tooLong || position() >= rangeEnd) {
      return false;
    }
    int searched = next;
    while (true) {
      int end = indexOfLineFeed(searched);
      if (end >= 0) {
        return extendTo(end, end + 1, most);
      }
      if (limit - from > most) {
        return false;
      }
      int kept = from;
      searched = limit - kept;
      boolean more = fill(kept);
      from -= kept;
      to -= kept;
      if (!more) {
        return limit > next && extendTo(limit, limit, most);
      }
    }
  }

  private boolean extendTo(int end, int following, int most) {
    if (following - from > most) {
      return false;
    }
    to = end > next && buffer[end - 1] == '\r' ? end - 1 : end;
    next = following;
    return true;
  }

  private void take(int begin, int end) {
    line = buffer;
    from = begin;
    to = end > begin && buffer[end - 1] == '\r' ? end - 1 : end;
    tooLong = to - from > MAX_LINE;
    if (tooLong) {
      to = from + KEPT_OF_LONG_LINE;
    }
  }

  private void takeBeginning() throws IOException {
    line = Arrays.copyOfRange(buffer, next, next + KEPT_OF_LONG_LINE);
    from = 0;
    to = KEPT_OF_LONG_LINE;
    tooLong = true;
    skipLine();
  }

  // Ends after the next line feed, or where no more lines of this range can begin.
  private void skipLine() throws IOException {
    while (true) {
      int end = indexOfLineFeed(next);
      if (end >= 0) {
        next = end + 1;
        return;
      }
      next = limit;
      if (position() >= rangeEnd || !fill()) {
        return;
      }
    }
  }

  private int indexOfLineFeed(int start) {
    for (int i = start; i < limit; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private boolean fill() throws IOException {
    return fill(next);
  }

  // Moves what is to be kept to the front and reads on after it; false at the end of the file.
  private boolean fill(int kept) throws IOException {
    System.arraycopy(buffer, kept, buffer, 0, limit - kept);
    bufferOffset += kept;
    limit -= kept;
    next -= kept;
    int read = in.read(buffer, limit, buffer.length - limit);
    limit += Math.max(read, 0);
    return read > 0;
  }

  /** Where the next line begins. */
  long position() {
    return bufferOffset + next;
  }

  /** Where the line begins in the file. */
  long offset() {
    return offset;
  }

  /** The array that has the line from {@link #from()} to {@link #to()}, until the next one. */
  byte[] bytes() {
    return line;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** Whether the line is over-long, so that only its beginning is available. */
  boolean isTooLong() {
    return tooLong;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
