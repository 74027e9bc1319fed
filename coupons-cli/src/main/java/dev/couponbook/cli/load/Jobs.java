package dev.couponbook.cli.load;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "jobs",
    description = "The imports and generations of all partners.",
    subcommands = {
      JobList.class,
      JobShow.class,
      JobWatch.class,
      JobStart.class,
      JobOrder.Stop.class,
      JobOrder.Restart.class,
      JobOrder.Recover.class,
      JobOrder.Abandon.class,
      JobRejects.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Jobs {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;
}
