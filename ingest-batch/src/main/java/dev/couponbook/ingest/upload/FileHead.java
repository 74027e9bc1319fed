package dev.couponbook.ingest.upload;

import dev.couponbook.ingest.load.UnusableFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The first lines of a file's text.
 *
 * @param bytes as many as were read
 * @param begin after a byte order mark, if there is one
 * @param lines at most {@link #LINES}, all of them whole unless the text ends
 */
record FileHead(byte[] bytes, int begin, List<Line> lines) {
  /** Bytes to read: enough for the longest first line, or a thousand usual ones. */
  static final int LENGTH = 1024 * 1024;

  /** The most lines that are looked at. */
  static final int LINES = 1_001;

  static final String CR_ALONE =
      "The lines of the file end with a carriage return alone: save it with the line ends of Windows"
          + " or Unix";

  private static final int BYTES_OF_ENCODING = 1024;

  /** The signs by which other kinds of files begin, and what people call them. */
  private enum OtherKind {
    GZIP("compressed twice: compress it once", 0x1F, 0x8B),
    ZIP("a ZIP archive, or a spreadsheet as such: unpack it, or save it as CSV", 'P', 'K', 3, 4),
    EMPTY_ZIP("an empty ZIP archive", 'P', 'K', 5, 6),
    OLD_EXCEL("an Excel workbook: save it as CSV in UTF-8", 0xD0, 0xCF, 0x11, 0xE0),
    PDF("a PDF document: export the codes as CSV", '%', 'P', 'D', 'F', '-'),
    ZSTANDARD("compressed by Zstandard: use gzip", 0x28, 0xB5, 0x2F, 0xFD),
    XZ("compressed by xz: use gzip", 0xFD, '7', 'z', 'X', 'Z', 0),
    SEVEN_ZIP("a 7z archive: unpack it", '7', 'z', 0xBC, 0xAF, 0x27, 0x1C),
    BZIP2("compressed by bzip2: use gzip", 'B', 'Z', 'h', '9', '1', 'A', 'Y'),
    UTF_16("not text in UTF-8 (it looks like UTF-16): save it as UTF-8", 0xFF, 0xFE),
    UTF_16_BIG_ENDIAN("not text in UTF-8 (it looks like UTF-16): save it as UTF-8", 0xFE, 0xFF);

    final String sentence;
    final int[] signs;

    OtherKind(String sentence, int... signs) {
      this.sentence = sentence;
      this.signs = signs;
    }
  }

  /**
   * A line.
   *
   * @param from the byte at which it begins
   * @param next the byte at which the next one begins
   */
  record Line(String text, int from, int next) {}

  /**
   * @param bytes the first {@link #LENGTH} bytes of the text, or all
   * @throws UnusableFileException if they are not text in UTF-8
   */
  static FileHead of(byte[] bytes) throws UnusableFileException {
    if (bytes.length == 0) {
      throw new UnusableFileException("The file is empty");
    }
    for (var kind : OtherKind.values()) {
      if (startsWith(bytes, kind.signs)) {
        throw new UnusableFileException("The file is " + kind.sentence);
      }
    }
    if (hasManyNuls(bytes)) {
      throw new UnusableFileException("The file is " + OtherKind.UTF_16.sentence);
    }
    if (endsLinesByCr(bytes)) {
      throw new UnusableFileException(CR_ALONE);
    }
    int begin = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    if (begin == bytes.length) {
      throw new UnusableFileException("The file has a byte order mark and nothing else");
    }
    return new FileHead(bytes, begin, lines(bytes, begin));
  }

  /** Whether a file that begins like this is compressed by gzip. */
  static boolean isGzip(byte[] bytes) {
    return startsWith(bytes, OtherKind.GZIP.signs);
  }

  private static boolean startsWith(byte[] bytes, int... signs) {
    for (int i = 0; i < signs.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xFF) != signs[i]) {
        return false;
      }
    }
    return true;
  }

  // UTF-16 without a mark: of a file of codes half of the bytes are zero.
  private static boolean hasManyNuls(byte[] bytes) {
    var beginning = Arrays.copyOf(bytes, Math.min(bytes.length, BYTES_OF_ENCODING));
    int nuls = 0;
    for (byte b : beginning) {
      nuls += b == 0 ? 1 : 0;
    }
    return nuls * 5 >= beginning.length * 2;
  }

  // As old Macs did; a carriage return here and there is a character of its row.
  private static boolean endsLinesByCr(byte[] bytes) {
    int alone = 0;
    int lines = 0;
    for (int i = 0; i < bytes.length; i++) {
      lines += bytes[i] == '\n' ? 1 : 0;
      alone += bytes[i] == '\r' && i + 1 < bytes.length && bytes[i + 1] != '\n' ? 1 : 0;
    }
    return alone > lines;
  }

  private static List<Line> lines(byte[] bytes, int begin) {
    var lines = new ArrayList<Line>();
    var in = new ByteArrayInputStream(bytes, begin, bytes.length - begin);
    try (var reader = LineReader.atLine(in, begin, bytes.length)) {
      while (lines.size() < LINES && reader.next()) {
        lines.add(
            new Line(
                new String(
                    reader.bytes(),
                    reader.from(),
                    reader.to() - reader.from(),
                    StandardCharsets.UTF_8),
                Math.toIntExact(reader.offset()),
                Math.toIntExact(reader.position())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("an array could not be read", e);
    }
    // The last one may go on where nothing was read.
    if (bytes.length == LENGTH && lines.size() > 1 && lines.getLast().next() == bytes.length) {
      lines.removeLast();
    }
    return lines;
  }

  /** The bytes of a line in the average. */
  double bytesPerLine() {
    return lines.isEmpty()
        ? bytes.length
        : (double) (lines.getLast().next() - begin) / lines.size();
  }
}
