package dev.couponbook.chaos;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./coupons chaos}: what becomes of the work when programs die. */
@Command(
    name = "chaos",
    description = "Kills and freezes programs in the middle of their work, and judges the outcome.",
    subcommands = {ChaosImport.class, ChaosDrain.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Chaos {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and end.")
  boolean help;
}
