package dev.couponbook.bench;

import dev.couponbook.bench.direct.DirectEndpoint;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.home.Program;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.coupon.BookId;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same calls, answered by a {@link DirectEndpoint} that runs beside the home. */
final class DirectYardstick implements AutoCloseable {
  private static final String NAME = "direct-endpoint";

  private final BenchRun run;
  private final BookId book;
  private final int port;
  private final ExtraProcess process;

  /**
   * Starts it.
   *
   * @param book one with free codes of its own
   */
  static DirectYardstick start(BenchRun run, BookId book) {
    int port = freePort();
    var process = new ExtraProcess(run.home(), NAME, commandLine(), environment(run, port));
    process.start();
    return new DirectYardstick(run, book, port, process);
  }

  private DirectYardstick(BenchRun run, BookId book, int port, ExtraProcess process) {
    this.run = run;
    this.book = book;
    this.port = port;
    this.process = process;
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "No port is free (" + e + ").", e);
    }
  }

  // On the edge's JVM flags and libraries; the edge itself is not among them.
  private static List<String> commandLine() {
    var libraries = Program.API_EDGE.jar().resolveSibling("lib").resolve("*");
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xmx128m",
        "-XX:CompileThresholdScaling=0.3",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        ownJar() + File.pathSeparator + libraries,
        DirectEndpoint.class.getName());
  }

  private static Path ownJar() {
    try {
      return Path.of(
          DirectYardstick.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("this class has come from nowhere", e);
    }
  }

  private static Map<String, String> environment(BenchRun run, int port) {
    var environment =
        new LinkedHashMap<>(
            Program.ASSIGN_WORKER.environment(run.home().directory(), run.home().file()));
    environment.put(DirectEndpoint.PORT, Integer.toString(port));
    environment.put(
        DirectEndpoint.PARTNER, Integer.toString(new Commands(run.home()).partner().value()));
    return environment;
  }

  RepeatedRequests assigns() {
    return new HttpAssigns(run, port, book, "direct").answered();
  }

  /** Of codes that {@link #assigns} has given out. */
  LockAndRedeem pairs() {
    return new LockAndRedeem(run, port, book);
  }

  @Override
  public void close() {
    process.close();
    try (var connection = OpsDatabase.connect(run.home(), "postgres")) {
      BookCounts.correct(connection, book);
    } catch (SQLException e) {
      throw new CommandFailure(ExitCode.FAILED, "The yardstick failed: " + e.getMessage(), e);
    }
  }
}
