package dev.couponbook.cli.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A complete command line of each command, made from picocli's model, so that a new command has one
 * without anybody writing it.
 */
public final class CommandLines {
  private static final Map<String, String> WORDS =
      Map.of(
          "ID", UUID.randomUUID().toString(),
          "NAME", "demo",
          "PROGRAM", "unlock-job",
          "QUEUE", "coupon-commands-dead");

  private final Path file;

  /**
   * @param file what a command gets that wants a file
   */
  public CommandLines(Path file) {
    this.file = file;
  }

  /** Those of all commands that do something to a home, with what they need and nothing else. */
  public List<String> of(CommandLine commands) {
    var lines = new ArrayList<String>();
    collect(commands, lines);
    return lines;
  }

  private void collect(CommandLine command, List<String> lines) {
    if (command.getCommandSpec().findOption("--data") != null) {
      lines.addAll(linesOf(command.getCommandSpec()));
    }
    command.getSubcommands().values().forEach(below -> collect(below, lines));
  }

  private List<String> linesOf(CommandSpec command) {
    var name = command.qualifiedName();
    var needed =
        name.substring(name.indexOf(' ') + 1)
            + words(
                Stream.concat(
                        command.options().stream().filter(ArgSpec::required),
                        command.positionalParameters().stream().filter(ArgSpec::required))
                    .filter(argument -> argument.group() == null)
                    .toList());
    var alternatives =
        command.argGroups().stream()
            .filter(group -> group.multiplicity().min() > 0)
            .flatMap(this::alternatives)
            .map(words -> needed + words)
            .toList();
    return alternatives.isEmpty() ? List.of(needed) : alternatives;
  }

  // Of an exclusive group, each member once.
  private Stream<String> alternatives(ArgGroupSpec group) {
    return Stream.concat(
        group.args().stream().map(argument -> words(List.of(argument))),
        group.subgroups().stream()
            .map(below -> words(below.args().stream().filter(ArgSpec::required).toList())));
  }

  private String words(List<? extends ArgSpec> arguments) {
    var words = new StringBuilder();
    for (var argument : arguments) {
      if (argument instanceof OptionSpec option) {
        words.append(' ').append(option.longestName());
      }
      words.append(' ').append(word(argument));
    }
    return words.toString();
  }

  private String word(ArgSpec argument) {
    var type = argument.type();
    if (type == Path.class) {
      return file.toString();
    }
    if (type == Duration.class) {
      return "1s";
    }
    if (type != String.class) {
      return "2000"; // a number
    }
    return WORDS.getOrDefault(argument.paramLabel(), "demo");
  }
}
