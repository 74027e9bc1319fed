package dev.couponbook.local;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The containers of one home, made by the same compose file that people use. Each home is a Compose
 * project of its own, named after its directory, so that several can run side by side.
 */
final class ComposeProject {
  // A first start may have to fetch two images.
  private static final int LIMIT_MINUTES = 10;

  private final Path file;
  private final String name;
  private final Path log;

  ComposeProject(HomeDirectory home) {
    this.file = composeFile();
    this.name =
        "couponbook-"
            + UUID.nameUUIDFromBytes(home.root().toString().getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 8);
    this.log = home.logFile("containers");
  }

  private static Path composeFile() {
    var root = System.getenv("COUPONS_ROOT");
    if (root == null) {
      throw new HomeException("COUPONS_ROOT is not set: start the home with ./coupons up.");
    }
    return Path.of(root, "localstack", "compose.yaml");
  }

  /** Starts these services; those that run already are left alone. */
  void up(Map<String, String> settings, String... services) {
    var arguments = new ArrayList<>(List.of("up", "-d"));
    arguments.addAll(List.of(services));
    int status = run(settings, arguments);
    if (status != 0) {
      throw new HomeException(
          "The containers did not start: "
              + lastWords()
              + " (all of it is in "
              + log
              + "). The embedded home, ./coupons up, needs no Docker.");
    }
  }

  /** Removes the containers; the database's volume stays. */
  void down(Map<String, String> settings) {
    run(settings, List.of("down", "--timeout", "20"));
  }

  /** Removes the containers and the database's volume. */
  void forget() {
    int status = run(Map.of(), List.of("down", "--timeout", "20", "--volumes"));
    if (status != 0) {
      throw new HomeException("The home's volumes were not removed: " + lastWords());
    }
  }

  private int run(Map<String, String> settings, List<String> arguments) {
    var command = new ArrayList<>(compose());
    command.addAll(List.of("-p", name, "-f", file.toString()));
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder.environment().putAll(settings);
    try {
      var process = builder.start();
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        process.destroy();
        throw new HomeException(
            String.join(" ", command) + " did not end within " + LIMIT_MINUTES + " minutes.");
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new HomeException("Docker Compose cannot be started (" + e.getMessage() + ").", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HomeException("Interrupted while the containers were being started.", e);
    }
  }

  private static final List<List<String>> SPELLINGS =
      List.of(List.of("docker", "compose"), List.of("docker-compose"));

  // The plugin if there is one, otherwise the older separate program.
  private static List<String> compose() {
    for (var spelling : SPELLINGS) {
      var probe = new ArrayList<>(spelling);
      probe.add("version");
      try {
        var process =
            new ProcessBuilder(probe)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        if (process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0) {
          return spelling;
        }
        process.destroy();
      } catch (IOException notThere) {
        // try the next spelling
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HomeException("Interrupted while looking for Docker Compose.", e);
      }
    }
    throw new HomeException(
        "The LocalStack home needs Docker with Compose, and neither `docker compose` nor"
            + " `docker-compose` works here: install it, name a LocalStack that runs already with"
            + " --endpoint URL, or use the embedded home.");
  }

  private String lastWords() {
    try {
      var lines = Files.readAllLines(log);
      return lines.isEmpty() ? "" : lines.getLast().strip();
    } catch (IOException e) {
      return "its output cannot be read";
    }
  }
}
