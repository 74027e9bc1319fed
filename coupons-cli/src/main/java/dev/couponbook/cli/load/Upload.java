package dev.couponbook.cli.load;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.Partners;
import dev.couponbook.cli.load.UploadFile.Wishes;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.Detached;
import dev.couponbook.cli.terminal.Durations;
import dev.couponbook.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "upload",
    description = {
      "Uploads a CSV file of codes into a book, as a partner would, and follows the import.",
      "Ctrl-C only stops watching; the import continues."
    })
public final class Upload implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(paramLabel = "FILE", description = "The CSV file.")
  Path file = Path.of("");

  @Option(names = "--book", paramLabel = "ID", required = true, description = "The book's id.")
  String book = "";

  @Option(
      names = "--partner",
      paramLabel = "NAME",
      defaultValue = Partners.FIRST,
      description = "The partner to act for (default ${DEFAULT-VALUE}).")
  String partner = Partners.FIRST;

  @Option(
      names = "--on-duplicate",
      paramLabel = "skip|fail",
      description = "What to do with codes that already exist (default: skip).")
  @Nullable String onDuplicate;

  @Option(names = "--dry-run", description = "Only report what would happen to each row.")
  boolean dryRun;

  @Option(
      names = "--expiration",
      paramLabel = "TIME",
      description = "Expiration of codes that have none of their own: 2030-12-31T23:59:59Z.")
  @Nullable String expiration;

  @Option(
      names = "--max-rejects",
      paramLabel = "N",
      description = "With more rejected rows than this, keep nothing of the file.")
  @Nullable Long maxRejects;

  @Mixin LayoutOptions layout = new LayoutOptions();

  @Option(names = "--no-wait", description = "Do not wait for the import.")
  boolean noWait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "7d",
      converter = Durations.class,
      description = "Stop watching after this time, with exit code 124.")
  Duration timeout = Duration.ofDays(7);

  @Override
  public Integer call() throws IOException {
    if (!Files.isReadable(file)) {
      throw new CommandFailure(ExitCode.USAGE, "The file " + file + " cannot be read.");
    }
    var home = options.home();
    var token = home.token(Partners.clientId(home, partner), Duration.ofHours(12));
    try (var edge = new EdgeClient(home.ports().edgeUrl(), token)) {
      var upload = new UploadFile(edge);
      var id =
          upload.put(
              file, book, new Wishes(onDuplicate, dryRun, expiration, maxRejects, layout.json()));
      System.err.println("  upload " + id);
      var load = noWait ? upload.state(id) : follow(upload, id);
      report(id, load);
      return noWait ? ExitCode.DONE : load.exitCode();
    }
  }

  private LoadReport follow(UploadFile upload, String id) {
    try (var _ = new Detached("./coupons jobs watch " + id)) {
      return upload.follow(id, timeout);
    }
  }

  private void report(String id, LoadReport load) {
    if (options.json) {
      var answer = new LinkedHashMap<String, Object>();
      answer.put("uploadId", id);
      answer.putAll(load.json());
      Answer.json(answer);
    } else {
      System.out.println(load.line());
      load.file().lines().forEach(line -> System.out.println("  " + line));
    }
  }
}
