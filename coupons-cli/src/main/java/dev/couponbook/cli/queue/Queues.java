package dev.couponbook.cli.queue;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "queues",
    description = "The queues, and the dead letters in them.",
    subcommands = {QueueList.class, QueueShow.class, QueueRedrive.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Queues {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;
}
