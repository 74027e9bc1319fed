package dev.couponbook.bench;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.command.AddCodes;
import picocli.CommandLine.Option;

/** The option for the size of a benchmark. */
final class RowsOption {
  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "5000000",
      description = "Codes to load (default ${DEFAULT-VALUE}).")
  int rows = 5_000_000;

  // A small generation is not a job: it is answered at once.
  int rows() {
    if (rows <= AddCodes.MAX_ANSWERED) {
      throw new CommandFailure(
          ExitCode.USAGE, "--rows must be more than " + AddCodes.MAX_ANSWERED + ".");
    }
    return rows;
  }
}
