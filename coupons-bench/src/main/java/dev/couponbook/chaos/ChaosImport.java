package dev.couponbook.chaos;

import dev.couponbook.cli.home.CloudOptions;
import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.home.Up;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "import",
    description = {
      "Loads a file with two ingest processes, once for each fault, and compares what is in the",
      "tables with the file. Exit code 0 only if each load was exact. It starts the home if need",
      "be, and kills its programs: give it a home of its own with --data and --port-base."
    })
final class ChaosImport implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();
  @Mixin CloudOptions cloud = new CloudOptions();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "1000000",
      description =
          "Rows of each file; 3 in 100 are duplicates and 1 is bad (default ${DEFAULT-VALUE}).")
  int rows = 1_000_000;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Kills of the fault 'any', at random moments of as many loads as it takes (default"
              + " ${DEFAULT-VALUE}).")
  int kills = 20;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Repeats the moments of another run (default: random, and printed).")
  @Nullable Long seed;

  @Option(
      names = "--faults",
      paramLabel = "FAULT",
      split = ",",
      description =
          "Only these: ${COMPLETION-CANDIDATES} (default: all, disk-full with --small-disk).")
  @Nullable Set<Fault> faults;

  @Option(
      names = "--small-disk",
      paramLabel = "DIR",
      description = "An empty directory on a file system of 100 MB to 1 GB, for disk-full.")
  @Nullable Path smallDisk;

  @Override
  public Integer call() throws IOException {
    long chosen = seed == null ? new SplittableRandom().nextLong() >>> 32 : seed;
    System.err.println("  seed " + chosen);
    var home = Up.bringUp(options, cloud);
    var ledger = new Ledger();
    try (var processes = new Processes(home)) {
      processes.startSecond();
      var random = new SplittableRandom(chosen);
      var run = new FaultedLoads(home, processes, rows, kills, random, smallDisk);
      for (var fault : faults()) {
        ledger.step(fault.toString(), () -> run.survive(fault));
      }
    }
    ledger.step("invariants in the whole database", () -> OpsDatabase.judge(home));
    report(ledger, chosen);
    return ledger.allHeld() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private Set<Fault> faults() {
    var chosen = faults == null ? EnumSet.allOf(Fault.class) : EnumSet.copyOf(faults);
    if (smallDisk == null && chosen.remove(Fault.DISK_FULL) && faults != null) {
      throw new CommandFailure(ExitCode.USAGE, "The fault disk-full needs --small-disk.");
    }
    return chosen;
  }

  private void report(Ledger ledger, long chosen) {
    if (options.json) {
      var answer = new LinkedHashMap<String, Object>();
      answer.put("chaos", "import");
      answer.put("seed", chosen);
      answer.put("rows", rows);
      answer.put("ok", ledger.allHeld());
      answer.put("faults", ledger.json());
      Answer.json(answer);
    } else {
      ledger.print();
      System.out.printf(
          Locale.ROOT,
          "%n%s, seed %d.%n",
          ledger.allHeld() ? "Every load was exact" : "NOT every load was exact",
          chosen);
    }
  }
}
