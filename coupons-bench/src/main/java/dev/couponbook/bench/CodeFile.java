package dev.couponbook.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A CSV file of codes of 12 characters in no order, with a known share of bad and duplicate rows
 * spread evenly.
 *
 * @param seed files with different seeds have no code in common
 * @param duplicates rows of a hundred that repeat a code of the file
 * @param bad rows of a hundred that are no code
 */
public record CodeFile(int seed, int rows, int duplicates, int bad) {
  private static final byte[] ALPHABET =
      "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(StandardCharsets.US_ASCII);
  private static final int LENGTH = 12;
  private static final long CODES = 1L << 5 * LENGTH;
  private static final long FACTOR = 0x9E3779B97F4A7C15L; // odd: one-to-one

  static CodeFile clean(int seed, int rows) {
    return new CodeFile(seed, rows, 0, 0);
  }

  public void write(Path file) throws IOException {
    try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (int row = 0; row < rows; row++) {
        write(row, out);
      }
    }
  }

  private void write(int row, OutputStream out) throws IOException {
    int place = row % 100;
    if (place >= 100 - bad) {
      out.write("not a code\n".getBytes(StandardCharsets.US_ASCII));
    } else if (place >= 100 - bad - duplicates) {
      out.write(code(row / 200 * 100 + place - 50)); // far away, in another chunk
    } else {
      out.write(code(row));
    }
  }

  /** The line of a row. */
  private byte[] code(int row) {
    long mixed = ((long) seed << 31 | row) * FACTOR & CODES - 1;
    mixed = (mixed ^ mixed >>> 29) * FACTOR & CODES - 1; // else neighbours would be evenly spaced
    var line = new byte[LENGTH + 1];
    for (int i = 0; i < LENGTH; i++) {
      line[i] = ALPHABET[(int) (mixed >>> 5 * i & 31)];
    }
    line[LENGTH] = '\n';
    return line;
  }
}
