package dev.couponbook.cli.terminal;

/** What the launcher's exit codes mean; the same for every command. */
public final class ExitCode {
  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int DONE_WITH_REJECTS = 3;
  public static final int STOPPED = 4;
  public static final int REFUSED = 5;

  /** The home is not running, or does not answer. */
  public static final int UNREACHABLE = 6;

  public static final int WAIT_TIMED_OUT = 124;

  /** Ctrl-C while watching; what was watched continues. */
  public static final int DETACHED = 130;

  private ExitCode() {}
}
