package dev.couponbook.cli.demo;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A CSV file of codes with a known outcome for each row: of every thousand, two are bad and three
 * are duplicates.
 */
record DemoFile(int rows, String prefix) {
  /** The pattern of rows repeats after this many. */
  static final int CYCLE = 1000;

  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  /** Seven characters of five bits. */
  private static final int CODE_BITS = 35;

  long bad() {
    return rows / CYCLE * 2L;
  }

  long duplicate() {
    return rows / CYCLE * 3L;
  }

  long accepted() {
    return rows - bad() - duplicate();
  }

  void write(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      out.write("code,expiration\n");
      for (int row = 0; row < rows; row++) {
        out.write(line(row));
        out.write('\n');
      }
    }
  }

  private String line(int row) {
    return switch (row % CYCLE) {
      case 499 -> badLine(row);
      case 999 -> badLine(row + 1);
      case 250, 600, 900 -> code(row - 1);
      case 10 -> code(row) + ",2035-12-31T23:59:59Z";
      default -> code(row);
    };
  }

  private String badLine(int row) {
    return switch (row / (CYCLE / 2) % 4) {
      case 0 -> "a blank " + row;
      case 1 -> "X".repeat(65);
      case 2 -> code(row) + ",2020-01-01T00:00:00Z";
      default -> code(row) + ",31.12.2035";
    };
  }

  /** The code of a row. One-to-one, and in no order, as codes in real files are. */
  String code(int row) {
    long bits = (row * 0x9E3779B97F4A7C15L) & ((1L << CODE_BITS) - 1);
    var code = new StringBuilder(prefix);
    for (int i = 0; i < CODE_BITS; i += 5) {
      code.append(ALPHABET.charAt((int) (bits >>> i & 31)));
    }
    return code.toString();
  }

  /** A number in the alphabet of the codes. */
  static String inAlphabet(long number, int length) {
    var text = new StringBuilder();
    for (long rest = number; text.length() < length; rest >>>= 5) {
      text.insert(0, ALPHABET.charAt((int) (rest & 31)));
    }
    return text.toString();
  }
}
