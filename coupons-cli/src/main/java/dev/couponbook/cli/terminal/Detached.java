package dev.couponbook.cli.terminal;

/** Ctrl-C while watching: the JVM ends with 130 by itself; this says how to look again. */
public final class Detached {
  private Detached() {}

  public static Thread print(String command) {
    var hook =
        new Thread(
            () -> System.err.println("\n  No longer watching; it goes on. Watch again: " + command),
            "detached");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  public static void forget(Thread hook) {
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
