package dev.couponbook.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that exists while the program is ready, for the process that started it to watch. Its path
 * is {@code COUPON_READY_FILE}; if that is not set, there is no file.
 */
public final class ReadyFile {
  private final @Nullable Path path;

  public ReadyFile(@Nullable Path path) {
    this.path = path;
  }

  public static ReadyFile from(Environment environment) {
    return new ReadyFile(environment.path("COUPON_READY_FILE"));
  }

  /**
   * Creates the file, which contains the process id.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public void create() {
    if (path == null) {
      return;
    }
    try {
      var folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(path, Long.toString(ProcessHandle.current().pid()));
    } catch (IOException e) {
      throw new UncheckedIOException("the ready file cannot be written: " + path, e);
    }
  }

  /**
   * Deletes the file, if it is there.
   *
   * @throws UncheckedIOException if it cannot be deleted
   */
  public void delete() {
    if (path == null) {
      return;
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("the ready file cannot be deleted: " + path, e);
    }
  }
}
