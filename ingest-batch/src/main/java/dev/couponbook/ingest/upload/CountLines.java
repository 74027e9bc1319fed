package dev.couponbook.ingest.upload;

import dev.couponbook.file.FileLayout;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.store.load.CodeLoad;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Counts the lines of a file up to a place, for the rare message that names a line. */
final class CountLines {
  private static final int BUFFER = 256 * 1024;

  private CountLines() {}

  /**
   * The number of the line, from 1, at whose beginning this byte of the text is.
   *
   * @throws IOException if the file cannot be read
   */
  static long to(FileStore files, CodeLoad load, long offset) throws IOException {
    var layout = FileLayout.ofJson(Objects.requireNonNull(load.layout()));
    var key = Objects.requireNonNull(load.objectKey());
    var etag = Objects.requireNonNull(load.objectEtag());
    if (offset == 0) {
      return 1;
    }
    try (var file = files.open(key, etag, 0, layout.gzip() ? load.bytesTotal() : offset);
        var text = layout.gzip() ? new GunzippedText(file) : file) {
      return 1 + lineFeeds(text, offset);
    }
  }

  private static long lineFeeds(InputStream text, long length) throws IOException {
    var buffer = new byte[BUFFER];
    long lines = 0;
    for (long left = length; left > 0; ) {
      int read = text.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        break;
      }
      for (int i = 0; i < read; i++) {
        lines += buffer[i] == '\n' ? 1 : 0;
      }
      left -= read;
    }
    return lines;
  }
}
