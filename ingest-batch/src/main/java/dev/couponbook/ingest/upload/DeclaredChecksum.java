package dev.couponbook.ingest.upload;

import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.UnusableFileException;
import dev.couponbook.store.load.CodeLoad;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/**
 * Compares a file with the SHA-256 that its partner declared. A bucket does this only for a file
 * that was sent in one piece, and some buckets do not do it at all.
 */
final class DeclaredChecksum {
  private static final int BUFFER = 256 * 1024;

  private DeclaredChecksum() {}

  /**
   * Reads the whole file if a checksum was declared.
   *
   * @throws UnusableFileException if the file has another checksum
   */
  static void check(FileStore files, CodeLoad load) throws IOException {
    if (load.sha256() != null
        && !MessageDigest.isEqual(Base64.getDecoder().decode(load.sha256()), sha256(files, load))) {
      throw new UnusableFileException(
          "The file does not have the SHA-256 that was declared: it was damaged on its way");
    }
  }

  private static byte[] sha256(FileStore files, CodeLoad load) throws IOException {
    var digest = newDigest();
    var buffer = new byte[BUFFER];
    try (var in =
        files.open(
            Objects.requireNonNull(load.objectKey()),
            Objects.requireNonNull(load.objectEtag()),
            0,
            load.bytesTotal())) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return digest.digest();
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }
}
