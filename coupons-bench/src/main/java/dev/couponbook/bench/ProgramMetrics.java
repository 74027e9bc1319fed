package dev.couponbook.bench;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** What a program says of itself, in Prometheus's text format. */
final class ProgramMetrics {
  private ProgramMetrics() {}

  /** The sum over all labels of one of the program's series; zero if it has none. */
  static double sum(int port, String series) {
    var page = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(page, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(series + "{") || line.startsWith(series + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNREACHABLE, "The metrics cannot be read: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.DETACHED, "Interrupted.", e);
    }
  }
}
