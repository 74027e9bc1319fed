package dev.couponbook.cli;

import picocli.CommandLine.Command;

@Command(
    name = "bench",
    description = "Measures a running home; each figure beside a yardstick of the same run.",
    mixinStandardHelpOptions = true,
    subcommands = BenchEdge.class,
    synopsisSubcommandLabel = "WHAT")
final class Bench {}
