package dev.couponbook.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./coupons bench}: how fast a home is, beside yardsticks of the same run. */
@Command(
    name = "bench",
    description = {
      "Measures a home that is up, each figure beside a yardstick of the same run,",
      "because the speed of a machine drifts. For figures from empty tables use a new home."
    },
    subcommands = {
      BenchQuick.class,
      BenchImport.class,
      BenchGenerate.class,
      BenchAssign.class,
      BenchRedeem.class,
      BenchHttp.class,
      BenchEdge.class,
      BenchGrowth.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Bench {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;
}
