package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "partner",
    description = "The partners of the home.",
    subcommands = Partner.Add.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Partner {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @Command(name = "add", description = "Adds a partner; an existing one stays as it is.")
  static final class Add implements Callable<Integer> {
    @Mixin HomeOptions options = new HomeOptions();

    @Parameters(
        paramLabel = "NAME",
        description = "Lower-case letters, digits and dashes, at most 63.")
    String name = "";

    @Override
    public Integer call() {
      boolean added = Partners.add(options.home(), name);
      if (options.json) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("partner", name);
        answer.put("added", added);
        Answer.json(answer);
      } else {
        System.out.println(
            added ? "Partner " + name + " added." : "Partner " + name + " already exists.");
      }
      return ExitCode.DONE;
    }
  }
}
