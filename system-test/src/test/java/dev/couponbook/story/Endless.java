package dev.couponbook.story;

import java.io.InputStream;
import java.util.Arrays;

/** The same byte this many times, without taking memory. */
final class Endless extends InputStream {
  private final byte value;
  private long left;

  Endless(char value, long length) {
    this.value = (byte) value;
    this.left = length;
  }

  @Override
  public int read() {
    return left-- > 0 ? value : -1;
  }

  @Override
  public int read(byte[] buffer, int from, int length) {
    if (left <= 0) {
      return -1;
    }
    int read = (int) Math.min(left, length);
    Arrays.fill(buffer, from, from + read, value);
    left -= read;
    return read;
  }
}
