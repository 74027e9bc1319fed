package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Pause;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Shows the end of one program's log, or of all.")
public final class Logs implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "PROGRAM",
      description = "infra, api-edge, assign-worker, ingest-batch or unlock-job.")
  @Nullable String program;

  @Option(names = "-f", description = "Keep showing new lines until Ctrl-C.")
  boolean follow;

  @Option(
      names = "-n",
      paramLabel = "LINES",
      defaultValue = "20",
      description = "Lines per program (default ${DEFAULT-VALUE}).")
  int lines = 20;

  @Override
  public Integer call() throws IOException {
    var home = options.home();
    var programs = program == null ? List.of(Program.values()) : List.of(Program.named(program));
    var positions = new LinkedHashMap<Path, Long>();
    for (var each : programs) {
      var log = home.directory().logFile(each.title());
      if (programs.size() > 1) {
        System.out.println("==> " + each.title() + " <==");
      }
      positions.put(log, Files.exists(log) ? Files.size(log) : 0);
      System.out.print(LogTail.lastLines(log, 0, lines));
    }
    while (follow) {
      System.out.flush();
      Pause.millis(200);
      positions.entrySet().forEach(Logs::showAdded);
    }
    return ExitCode.DONE;
  }

  private static void showAdded(Map.Entry<Path, Long> log) {
    try (var file = new RandomAccessFile(log.getKey().toFile(), "r")) {
      long from = file.length() < log.getValue() ? 0 : log.getValue(); // shorter: a new log
      var added = new byte[(int) Math.min(file.length() - from, 1 << 20)];
      file.seek(from);
      file.readFully(added);
      System.out.write(added, 0, added.length);
      log.setValue(from + added.length);
    } catch (IOException e) {
      log.setValue(0L); // not written yet
    }
  }
}
