package dev.couponbook.bench;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.load.FindJob;
import dev.couponbook.cli.load.UploadFile;
import dev.couponbook.cli.load.UploadFile.Wishes;
import dev.couponbook.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "import",
    description = {
      "Imports a file of 12-character codes in no order, from job start to completed, beside",
      "y1, one plain COPY of the same file into an empty copy of the table with the same indexes, and",
      "y2, two threads, Commons CSV, sorted chunks of 100,000, COPY into such a table."
    })
final class BenchImport implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();
  @Mixin RowsOption bench = new RowsOption();

  @Option(
      names = "--dirty",
      description = "Import a second file, with 3 %% duplicates and 1 %% bad rows, as well.")
  boolean dirty;

  @Override
  public Integer call() throws IOException {
    var run = BenchRun.begin(options.home(), bench.rows());
    var csv = run.temporaryFile();
    try {
      var yardsticks = new CopyYardsticks(run.home(), csv);
      var clean = load(run, run.file(0, 0, 0), csv, yardsticks);
      double y1 = yardsticks.plainCopySeconds();
      double y2 = yardsticks.twoThreadsSeconds();
      var ratios = new LinkedHashMap<String, Double>();
      ratios.put("y1", TimedLoad.rounded(y1 / clean.seconds()));
      ratios.put("y2", TimedLoad.rounded(y2 / clean.seconds()));
      if (dirty) {
        var mixed = load(run, run.file(1, 3, 1), csv, yardsticks);
        ratios.put("dirty", TimedLoad.rounded(clean.seconds() / mixed.seconds()));
      }
      var report = run.report("import", clean, ratios);
      report.put("y1RowsPerSecond", Math.round(run.rows() / y1));
      report.put("y2RowsPerSecond", Math.round(run.rows() / y2));
      BenchRun.print(report, options.json);
    } finally {
      Files.deleteIfExists(csv);
    }
    return ExitCode.DONE;
  }

  private static TimedLoad load(BenchRun run, CodeFile file, Path csv, CopyYardsticks yardsticks)
      throws IOException {
    file.write(csv);
    yardsticks.settle();
    try (var edge = run.edge()) {
      var upload = new UploadFile(edge).put(csv, run.newBook(edge), Wishes.NONE);
      return TimedLoad.follow(run.home(), FindJob.uuid(upload));
    }
  }
}
