package dev.couponbook.local;

import dev.couponbook.program.Environment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the logs of a home short while its programs run: those of all programs, with what they
 * print outside their logger, and PostgreSQL's. A log that has grown too long is copied to {@code
 * NAME.log.1}, after {@code .1} has become {@code .2} and so on, and is then emptied in place: its
 * writers append to it, so they need not know. A line that is written between the last copied byte
 * and the emptying would be lost; that is microseconds.
 */
final class RollLogs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RollLogs.class);

  // The access log grows by 4 MB per minute at 500 calls per second: two hours of it.
  private static final int DEFAULT_MEGABYTES = 100;
  private static final int DEFAULT_FILES = 5;
  // Between two looks a log can grow by as much as its program can write: at 50,000 lines per
  // second, ten megabytes.
  private static final int PAUSE_SECONDS = 2;

  private final Path folder;
  private final long mostBytes;
  private final int files;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("roll-logs").factory());

  /**
   * @param mostBytes length from which a log is rolled
   * @param files how many files a log has, with the one that is written to
   */
  RollLogs(Path folder, long mostBytes, int files) {
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.files = files;
  }

  /**
   * Begins to look after the logs in the folder.
   *
   * @throws Environment.BadSettingException if length or number cannot be
   */
  static RollLogs start(Path folder, Environment environment) {
    var logs =
        new RollLogs(
            folder,
            (long) environment.number("COUPON_LOG_MEGABYTES", 1, 100_000, DEFAULT_MEGABYTES) << 20,
            environment.number("COUPON_LOG_FILES", 1, 1_000, DEFAULT_FILES));
    logs.timer.scheduleWithFixedDelay(logs::runOnce, 0, PAUSE_SECONDS, TimeUnit.SECONDS);
    return logs;
  }

  /** Rolls the logs that are too long; returns how many there were. */
  int runOnce() {
    int rolled = 0;
    try (var logs = Files.newDirectoryStream(folder, "*.log")) {
      for (var log : logs) {
        if (Files.size(log) >= mostBytes) {
          roll(log);
          rolled++;
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("the logs in {} could not be rolled: {}", folder, e.toString());
    }
    return rolled;
  }

  private void roll(Path log) throws IOException {
    for (int number = files; Files.deleteIfExists(old(log, number)); number++) {
      // more were kept before
    }
    for (int number = files - 1; number > 1; number--) {
      if (Files.exists(old(log, number - 1))) {
        Files.move(old(log, number - 1), old(log, number), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    try (var from = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (files > 1) {
        copy(from, old(log, 1));
      }
      from.truncate(0);
    }
  }

  // On a full disk a log is given up: coupons need the room.
  private static void copy(FileChannel from, Path to) throws IOException {
    try {
      copyWhole(from, to);
    } catch (IOException e) {
      Files.deleteIfExists(to);
      LOG.warn("{} was not kept: {}", to, e.toString());
    }
  }

  private static void copyWhole(FileChannel from, Path to) throws IOException {
    try (var copy =
        FileChannel.open(
            to,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      long copied = 0;
      while (copied < from.size()) { // it may still be growing
        copied += from.transferTo(copied, from.size() - copied, copy);
      }
    }
  }

  private static Path old(Path log, int number) {
    return log.resolveSibling(log.getFileName() + "." + number);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
