package dev.couponbook.cli.load;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.Partners;
import dev.couponbook.cli.load.UploadFile.Wishes;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.command.AddCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "start",
    description = {
      "Starts an import or a generation on a partner's behalf and prints its id.",
      "It uses the partner's own API, so all rules for partners apply."
    })
final class JobStart implements Callable<Integer> {
  private static final Duration LIFE = Duration.ofHours(12);

  @Mixin HomeOptions options = new HomeOptions();

  @Option(
      names = "--partner",
      paramLabel = "NAME",
      required = true,
      description = "The partner to act for.")
  String partner = "";

  @Option(names = "--book", paramLabel = "ID", required = true, description = "The book's id.")
  String book = "";

  @ArgGroup(multiplicity = "1")
  Source source = new Source();

  /** What the codes come from. */
  static final class Source {
    @Option(names = "--file", paramLabel = "FILE", description = "Import this CSV file.")
    @Nullable Path file;

    @ArgGroup(exclusive = false)
    @Nullable Generation generation;
  }

  /** What is generated. */
  static final class Generation {
    @Option(
        names = "--generate",
        paramLabel = "AMOUNT",
        required = true,
        description = "Generate this many codes.")
    int amount;

    @Option(
        names = "--pattern",
        paramLabel = "PATTERN",
        description = "The pattern of the codes, such as 'SUMMER-####-####'.")
    @Nullable String pattern;
  }

  @Override
  public Integer call() throws IOException {
    var home = options.home();
    var token = home.token(Partners.clientId(home, partner), LIFE);
    try (var edge = new EdgeClient(home.ports().edgeUrl(), token)) {
      var id = start(edge);
      if (options.json) {
        Answer.json(Map.of("id", id));
      } else {
        System.out.println(id);
        System.err.println("  Watch it: ./coupons jobs watch " + id);
      }
    }
    return ExitCode.DONE;
  }

  private String start(EdgeClient edge) throws IOException {
    if (source.generation != null) {
      return generate(edge, source.generation);
    }
    if (source.file == null || !Files.isReadable(source.file)) {
      throw new CommandFailure(ExitCode.USAGE, "The file " + source.file + " cannot be read.");
    }
    return new UploadFile(edge).put(source.file, book, Wishes.NONE);
  }

  private String generate(EdgeClient edge, Generation generation) {
    if (generation.amount <= AddCodes.MAX_ANSWERED) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "Up to "
              + AddCodes.MAX_ANSWERED
              + " codes need no job: POST /coupons/codes returns them at once.");
    }
    var generated = new LinkedHashMap<String, Object>();
    generated.put("amount", generation.amount);
    if (generation.pattern != null) {
      generated.put("pattern", generation.pattern);
    }
    return edge.submit("/coupons/codes", Map.of("bookId", book, "generated", generated));
  }
}
