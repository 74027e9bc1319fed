package dev.couponbook.bench;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.load.FindJob;
import dev.couponbook.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "generate",
    description = {
      "Generates codes of 12 characters, their CSV included, from job start to completed, beside",
      "y1, one plain COPY of as many codes in no order into an empty copy of the table."
    })
final class BenchGenerate implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();
  @Mixin RowsOption bench = new RowsOption();

  @Override
  public Integer call() throws IOException {
    var run = BenchRun.begin(options.home(), bench.rows());
    var csv = run.temporaryFile();
    try {
      run.file(0, 0, 0).write(csv);
      var yardsticks = new CopyYardsticks(run.home(), csv);
      yardsticks.settle();
      var load = generate(run);
      double y1 = yardsticks.plainCopySeconds();
      var ratios = new LinkedHashMap<String, Double>();
      ratios.put("y1", TimedLoad.rounded(y1 / load.seconds()));
      var report = run.report("generate", load, ratios);
      report.put("y1RowsPerSecond", Math.round(run.rows() / y1));
      BenchRun.print(report, options.json);
    } finally {
      Files.deleteIfExists(csv);
    }
    return ExitCode.DONE;
  }

  private static TimedLoad generate(BenchRun run) {
    try (var edge = run.edge()) {
      var request =
          edge.submit(
              "/coupons/codes",
              Map.of("bookId", run.newBook(edge), "generated", Map.of("amount", run.rows())));
      return TimedLoad.follow(run.home(), FindJob.uuid(request));
    }
  }
}
