package dev.couponbook.cli;

/** What the launcher's exit codes mean; the same for every command. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int DONE_WITH_REJECTS = 3;
  static final int STOPPED = 4;
  static final int REFUSED = 5;

  /** No home runs there, or it does not answer. */
  static final int UNREACHABLE = 6;

  static final int WAIT_TIMED_OUT = 124;

  /** Ctrl-C while watching; what was watched goes on. */
  static final int DETACHED = 130;

  private ExitCode() {}
}
