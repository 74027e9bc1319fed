package dev.couponbook.cli.demo;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.home.CloudOptions;
import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.Partners;
import dev.couponbook.cli.home.Up;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "Shows everything on real input, a file of a million codes, and checks each result.",
      "Exit code 0 only if every check passed. Can be repeated on the same home."
    })
public final class Demo implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();
  @Mixin CloudOptions cloud = new CloudOptions();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Rows of the file, in thousands (default ${DEFAULT-VALUE}).")
  int rows = 1_000_000;

  @Override
  public Integer call() throws IOException {
    if (rows < DemoFile.CYCLE || rows % DemoFile.CYCLE != 0) {
      throw new CommandFailure(
          ExitCode.USAGE, "--rows must be a multiple of " + DemoFile.CYCLE + ".");
    }
    long began = System.nanoTime();
    var home = Up.bringUp(options, cloud);
    var csv = Files.createTempFile(home.directory().run(), "demo-", ".csv");
    var ledger = new Ledger();
    var token = home.token(Partners.clientId(home, Partners.FIRST), Duration.ofHours(1));
    try (var edge = new EdgeClient(home.ports().edgeUrl(), token)) {
      new DemoRun(home, edge, ledger, csv, rows).run();
    } finally {
      Files.deleteIfExists(csv);
    }
    report(ledger, (System.nanoTime() - began) / 1e9);
    return ledger.allHeld() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void report(Ledger ledger, double seconds) {
    if (options.json) {
      var answer = new LinkedHashMap<String, Object>();
      answer.put("ok", ledger.allHeld());
      answer.put("seconds", seconds);
      answer.put("steps", ledger.json());
      Answer.json(answer);
    } else {
      ledger.print();
      System.out.printf(
          "%n%s, %.0f seconds in all.%n",
          ledger.allHeld() ? "Everything held" : "NOT everything held", seconds);
    }
  }
}
