package dev.couponbook.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The disk that the database writes to, where a program can see it: in a home on one machine. A
 * database elsewhere is watched there.
 *
 * @param path any file or directory on the disk
 * @param leastBytes with less free space than this, people should make room
 */
public record DiskSpace(Path path, long leastBytes) {
  private static final String LEAST = "COUPON_DISK_LEAST_MEGABYTES";
  // An import of a few million codes writes half a gigabyte, and as much again of PostgreSQL's log.
  private static final int DEFAULT_LEAST_MEGABYTES = 1_024;
  // PostgreSQL's next segment of its log has this size; without it, it writes nothing any more.
  private static final long SEGMENT_BYTES = 16L << 20;

  /** How full a disk is. */
  public enum State {
    ENOUGH,
    /** Less is free than the limit: soon nothing can be written. */
    NEARLY_FULL,
    /** PostgreSQL refuses writes, or will at its next segment. */
    FULL
  }

  /** From {@code COUPON_DISK}; null if that is not set. */
  public static @Nullable DiskSpace from(Environment environment) {
    var path = environment.path("COUPON_DISK");
    return path == null ? null : of(path, environment);
  }

  /**
   * The disk of this path, with the limit from the environment.
   *
   * @throws Environment.BadSettingException if the limit is not a number of megabytes
   */
  public static DiskSpace of(Path path, Environment environment) {
    return new DiskSpace(
        path, (long) environment.number(LEAST, 1, 1 << 30, DEFAULT_LEAST_MEGABYTES) << 20);
  }

  /**
   * The bytes that this user may still write.
   *
   * @throws IOException if the disk cannot be asked
   */
  public long freeBytes() throws IOException {
    return Files.getFileStore(path).getUsableSpace();
  }

  /** How full it is with this many bytes left. */
  public State state(long freeBytes) {
    if (freeBytes < SEGMENT_BYTES) {
      return State.FULL;
    }
    return freeBytes < leastBytes ? State.NEARLY_FULL : State.ENOUGH;
  }
}
