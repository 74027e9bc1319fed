package dev.couponbook.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** Files as partners compress them. */
public final class GzipFile {
  private GzipFile() {}

  public static byte[] of(byte[] text) throws IOException {
    var file = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(file)) {
      gzip.write(text);
    }
    return file.toByteArray();
  }
}
