package dev.couponbook.ingest.upload;

import dev.couponbook.ingest.load.UnusableFileException;
import dev.couponbook.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * How to read a file, according to its first line.
 *
 * @param gzip whether it is compressed; all places are those of its text then
 * @param columns the header's fields; empty where the file has no header
 * @param codeColumn the field that has the code, from 0
 * @param expirationColumn the field that has the expiration; -1 if none has
 * @param apostrophes whether the file is one of our reports, in which a cell that looks like a
 *     formula begins with an apostrophe
 * @param bodyStart the byte at which the rows begin
 * @param headerLines 1 with a header, else 0
 */
record FileLayout(
    boolean gzip,
    char delimiter,
    List<String> columns,
    int codeColumn,
    int expirationColumn,
    boolean apostrophes,
    long bodyStart,
    int headerLines) {

  private static final String CODE = "code";
  private static final String EXPIRATION = "expiration";
  private static final char[] DELIMITERS = {',', ';', '\t'};
  private static final int BYTES_OF_ENCODING = 1024;

  /**
   * Determines the layout from the beginning of a file.
   *
   * @param gzip whether the file is compressed
   * @param head the first bytes of its text: at least the first line, if that is not over-long
   * @throws UnusableFileException if it is not text in UTF-8, or its header is ambiguous
   */
  static FileLayout of(boolean gzip, byte[] head) throws UnusableFileException {
    if (head.length == 0) {
      throw new UnusableFileException("The file is empty");
    }
    checkEncoding(head);
    int begin = startsWith(head, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    if (begin == head.length) {
      throw new UnusableFileException("The file has a byte order mark and nothing else");
    }
    int end = begin;
    while (end < head.length && head[end] != '\n') {
      end++;
    }
    int next = Math.min(end + 1, head.length);
    if (end > begin && head[end - 1] == '\r') {
      end--;
    }
    if (end - begin > LineReader.MAX_LINE) {
      return withoutHeader(gzip, begin);
    }
    try {
      var firstLine =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(head, begin, end - begin));
      return ofFirstLine(gzip, firstLine.toString(), begin, next);
    } catch (CharacterCodingException e) {
      // The row will be rejected, with its place.
      return withoutHeader(gzip, begin);
    }
  }

  private static FileLayout ofFirstLine(boolean gzip, String line, int begin, int next)
      throws UnusableFileException {
    for (char delimiter : DELIMITERS) {
      var columns = new CsvFields(delimiter).ofAny(line);
      if (columns.contains(CODE)) {
        return withHeader(gzip, delimiter, columns, next);
      }
    }
    return withoutHeader(gzip, begin);
  }

  private static FileLayout withHeader(
      boolean gzip, char delimiter, List<String> columns, int bodyStart)
      throws UnusableFileException {
    for (var name : List.of(CODE, EXPIRATION)) {
      if (columns.indexOf(name) != columns.lastIndexOf(name)) {
        throw new UnusableFileException("The header has the column " + name + " twice");
      }
    }
    boolean ours = columns.contains("line") && columns.contains("reason");
    return new FileLayout(
        gzip,
        delimiter,
        columns,
        columns.indexOf(CODE),
        columns.indexOf(EXPIRATION),
        ours,
        bodyStart,
        1);
  }

  private static FileLayout withoutHeader(boolean gzip, int bodyStart) {
    return new FileLayout(gzip, ',', List.of(), 0, 1, false, bodyStart, 0);
  }

  private static void checkEncoding(byte[] head) throws UnusableFileException {
    if (isGzip(head)) {
      throw new UnusableFileException("The file is compressed twice: compress it once");
    }
    if (startsWith(head, 0xFF, 0xFE) || startsWith(head, 0xFE, 0xFF) || hasManyNuls(head)) {
      throw new UnusableFileException(
          "The file is not text in UTF-8 (it looks like UTF-16): save it as UTF-8");
    }
  }

  /** Whether a file that begins like this is compressed by gzip. */
  static boolean isGzip(byte[] head) {
    return startsWith(head, 0x1F, 0x8B);
  }

  private static boolean startsWith(byte[] head, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (i >= head.length || (head[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  // UTF-16 without a mark: of a file of codes half of the bytes are zero.
  private static boolean hasManyNuls(byte[] head) {
    var beginning = Arrays.copyOf(head, Math.min(head.length, BYTES_OF_ENCODING));
    int nuls = 0;
    for (byte b : beginning) {
      nuls += b == 0 ? 1 : 0;
    }
    return nuls * 5 >= beginning.length * 2;
  }

  /** The columns of the rejects file: those of the header, or the names of those that we read. */
  List<String> originalColumns() {
    return columns.isEmpty() ? List.of(CODE, EXPIRATION) : columns;
  }

  String toJson() {
    return Json.mapper().writeValueAsString(this);
  }

  static FileLayout ofJson(String json) {
    return Json.mapper().readValue(json, FileLayout.class);
  }
}
