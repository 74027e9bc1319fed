package dev.couponbook.chaos;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./coupons chaos}: what happens to the work when programs die. */
@Command(
    name = "chaos",
    description = "Kills and freezes programs in the middle of their work, and judges the outcome.",
    subcommands = {ChaosImport.class, ChaosDrain.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Chaos {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;
}
