package dev.couponbook.cli;

/** Ctrl-C while watching: the JVM ends with 130 by itself; this says how to look again. */
final class Detached {
  private Detached() {}

  static Thread print(String command) {
    var hook =
        new Thread(
            () -> System.err.println("\n  No longer watching; it goes on. Watch again: " + command),
            "detached");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  static void forget(Thread hook) {
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
