package dev.couponbook.ingest.upload;

import dev.couponbook.ingest.load.UnusableFileException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The text of a gzip file, which may have several members. A file that is broken, or that expands
 * further than a list of codes can, is refused with a reason as soon as that is seen.
 */
final class GunzippedText extends InputStream {
  /** Bytes of text: a book has room for 2^31 codes, which is 30 bytes for each. */
  static final long MAX_LENGTH = 64L << 30;

  // Random codes expand to twice their size, numbered ones with a column that repeats to 20
  // times.
  private static final int MAX_RATIO = 100;
  // Less text than this does no harm, and the beginning of a file may be unlike the rest.
  private static final long FREE_OF_RATIO = 4 << 20;

  private final File file;
  private @Nullable InputStream text;
  private long length;

  /**
   * @param file the whole file, which is closed together with this
   */
  GunzippedText(InputStream file) {
    this.file = new File(file);
  }

  /** How many bytes of the file were read. */
  long bytesRead() {
    return file.read;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    int read;
    try {
      if (text == null) {
        text = new GzipCompressorInputStream(file, true);
      }
      read = text.read(bytes, offset, count);
    } catch (IOException e) {
      throw file.failure == null ? broken() : file.failure;
    }
    length += Math.max(read, 0);
    if (length > FREE_OF_RATIO && length / MAX_RATIO > file.read) {
      throw new UnusableFileException(
          "The gzip file expands to more than %d times its size".formatted(MAX_RATIO));
    }
    if (length > MAX_LENGTH) {
      throw new UnusableFileException(
          "The gzip file expands to more than %d GiB: split it".formatted(MAX_LENGTH >> 30));
    }
    return read;
  }

  private UnusableFileException broken() {
    return new UnusableFileException(
        file.ended
            ? "The gzip file ends too early: it was cut off, or its end is damaged"
            : "The gzip file is damaged after byte %d of its text".formatted(length));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** The compressed bytes: counted, and failures to read them told apart from damaged content. */
  private static final class File extends FilterInputStream {
    private long read;
    private boolean ended;
    private @Nullable IOException failure;

    File(InputStream in) {
      super(in);
    }

    // Otherwise the library would read some bytes twice, and they would be counted twice.
    @Override
    public boolean markSupported() {
      return false;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      try {
        int now = super.read(bytes, offset, count);
        ended |= now < 0;
        read += Math.max(now, 0);
        return now;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
