package dev.couponbook.cli;

import dev.couponbook.local.HomeDirectory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;

/** Called by the script after a build, so that the first real start is a quick one already. */
@Command(
    name = "learn",
    hidden = true,
    description = "Runs the programs once on a throw-away home and keeps what their JVMs learnt.")
final class Learn implements Callable<Integer> {
  /** Each JVM writes some 60 MB at its end, all of them at once. */
  private static final Duration GRACE = Duration.ofMinutes(3);

  @Override
  public Integer call() throws IOException {
    var directory = new HomeDirectory(Files.createTempDirectory("coupons-learn-"));
    try {
      var home = new StartPrograms(directory, freePortBase(), line -> {}, true).start();
      useOnce(home);
      new StopPrograms(directory, line -> {}, GRACE).stop(List.of(Program.values()));
      for (var program : Program.values()) {
        Files.move(
            program.startCacheInTheMaking(),
            program.startCache(),
            StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      deleteTree(directory.root());
    }
    return ExitCode.DONE;
  }

  // One command's way through edge, queue, worker and database, and back.
  private static void useOnce(Home home) {
    Partners.add(home, Partners.FIRST);
    try (var edge =
        new EdgeClient(home.ports().edgeUrl(), home.token(Partners.FIRST, Duration.ofMinutes(5)))) {
      var book = edge.command("/coupons", Map.of("bookName", "First"));
      var unused = edge.get("/coupons/" + book.text("bookId"));
    }
  }

  private static int freePortBase() throws IOException {
    while (true) {
      int base = ThreadLocalRandom.current().nextInt(3_000, 4_000) * 10;
      if (isFree(base)) {
        return base;
      }
    }
  }

  private static boolean isFree(int base) throws IOException {
    for (int port = base; port < base + 5; port++) {
      try (var socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
        continue;
      } catch (BindException e) {
        return false;
      }
    }
    return true;
  }

  private static void deleteTree(Path tree) throws IOException {
    try (var paths = Files.walk(tree)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
