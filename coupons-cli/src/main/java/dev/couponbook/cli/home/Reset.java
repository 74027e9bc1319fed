package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.HomeException;
import dev.couponbook.local.LocalStackCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "reset", description = "Stops the home and deletes all of its data.")
public final class Reset implements Callable<Integer> {
  // By name: anything else in the directory is not ours to delete.
  private static final List<String> OURS =
      List.of("postgres", "queue", "files", "outbox", "issuer", "run", "logs", "home.lock");

  @Mixin HomeOptions options = new HomeOptions();

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Override
  public Integer call() throws IOException {
    var directory = options.directory();
    if (!Files.exists(directory.homeFile())) {
      System.err.println("There is no home in " + directory.root() + ".");
      return ExitCode.DONE;
    }
    if (!yes && !confirmed(directory)) {
      System.err.println("Nothing was deleted.");
      return ExitCode.REFUSED;
    }
    Down.takeDown(options);
    forgetContainers(directory);
    delete(directory);
    if (options.json) {
      Answer.json(Map.of("deleted", directory.root().toString()));
    } else {
      System.out.println("Deleted everything in " + directory.root() + ".");
    }
    return ExitCode.DONE;
  }

  private static void forgetContainers(HomeDirectory directory) {
    try {
      LocalStackCloud.forget(directory);
    } catch (HomeException e) {
      System.err.println(
          "If this home had containers, their volumes stay: "
              + directory.homeFile()
              + " cannot be read.");
    }
  }

  private static boolean confirmed(HomeDirectory directory) {
    var console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new CommandFailure(
          ExitCode.USAGE, "There is no terminal to ask on: reset needs --yes.");
    }
    var answer =
        console.readLine(
            "Delete the database, the files and the queues in %s? Type yes: ", directory.root());
    return "yes".equals(answer);
  }

  // home.json goes last: while it is there, an interrupted reset can be repeated.
  private static void delete(HomeDirectory directory) throws IOException {
    for (var name : OURS) {
      deleteTree(directory.root().resolve(name));
    }
    Files.deleteIfExists(directory.homeFile());
    try (var left = Files.list(directory.root())) {
      if (left.findAny().isPresent()) {
        return;
      }
    }
    Files.delete(directory.root());
  }

  private static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (var paths = Files.walk(tree)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
