package dev.couponbook.cli.terminal;

import picocli.CommandLine.Option;

/** Who gives an order, and why: both are recorded with it. */
public final class Reason {
  private static final int LONGEST_WHY = 500;
  private static final int LONGEST_WHO = 100;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "The reason; it is recorded.")
  String why = "";

  @Option(
      names = "--who",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who gives the order; it is recorded (default ${DEFAULT-VALUE}).")
  String who = "";

  /**
   * The reason as it was given.
   *
   * @throws CommandFailure if it is too long, or says nothing
   */
  public String why() {
    check();
    return why;
  }

  public String who() {
    check();
    return who;
  }

  private void check() {
    if (why.isBlank()
        || why.length() > LONGEST_WHY
        || who.isBlank()
        || who.length() > LONGEST_WHO) {
      throw new CommandFailure(
          ExitCode.USAGE, "--why must have 1 to 500 characters, and --who 1 to 100.");
    }
  }
}
