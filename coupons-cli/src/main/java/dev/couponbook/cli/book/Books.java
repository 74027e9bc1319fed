package dev.couponbook.cli.book;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "books",
    description = "The books of all partners.",
    subcommands = {
      BookShow.class,
      BookChange.class,
      BookOrder.Pause.class,
      BookOrder.Resume.class,
      BookOrder.Close.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Books {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;
}
