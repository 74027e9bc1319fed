package dev.couponbook.cli.terminal;

/**
 * Watching that Ctrl-C may end: the JVM then exits with 130 by itself, and this says that what was
 * watched goes on, and how to watch it again.
 */
public final class Detached implements AutoCloseable {
  private final Thread hook;

  /**
   * Begins the watching.
   *
   * @param command with which to watch again
   */
  public Detached(String command) {
    hook =
        new Thread(
            () ->
                System.err.println(
                    "\n  No longer watching, but it continues. To watch again: " + command),
            "detached");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The watching is over. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
