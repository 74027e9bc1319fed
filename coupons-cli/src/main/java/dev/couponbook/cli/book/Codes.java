package dev.couponbook.cli.book;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "codes",
    description = "Single codes of a partner.",
    subcommands = {CodeOrder.MakeVoid.class, CodeOrder.Lift.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Codes {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;
}
