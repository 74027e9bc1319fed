package dev.couponbook.cli.home;

import dev.couponbook.local.HomeDirectory;
import dev.couponbook.program.DiskSpace;
import dev.couponbook.program.DiskSpace.State;
import dev.couponbook.program.Environment;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** How full the disk of a home is. */
record DiskReport(State state, long freeMegabytes, long leastMegabytes) {
  static DiskReport of(HomeDirectory directory) {
    var disk = DiskSpace.of(directory.root(), new Environment(System.getenv()));
    try {
      long free = disk.freeBytes();
      return new DiskReport(disk.state(free), free >> 20, disk.leastBytes() >> 20);
    } catch (IOException e) {
      return new DiskReport(State.FULL, 0, disk.leastBytes() >> 20); // it is away
    }
  }

  boolean canWrite() {
    return switch (state) {
      case ENOUGH, NEARLY_FULL -> true;
      case FULL -> false;
    };
  }

  /** For people. */
  String line() {
    return switch (state) {
      case ENOUGH -> String.format(Locale.ROOT, "%,d MB free", freeMegabytes);
      case NEARLY_FULL ->
          String.format(
              Locale.ROOT,
              "nearly full: only %,d MB free, of at least %,d: make room",
              freeMegabytes,
              leastMegabytes);
      case FULL ->
          String.format(
              Locale.ROOT,
              "FULL: %,d MB free, so writes are refused: make room, then all goes on",
              freeMegabytes);
    };
  }

  /** For scripts. */
  Map<String, Object> json() {
    return Map.of(
        "state",
        state.name().toLowerCase(Locale.ROOT),
        "freeMegabytes",
        freeMegabytes,
        "leastMegabytes",
        leastMegabytes);
  }
}
