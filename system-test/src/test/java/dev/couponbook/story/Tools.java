package dev.couponbook.story;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Programs of other languages that stories run: Python with the packages of {@code
 * src/test/python/requirements.txt}, in a directory of the build, and Node. Where one is not to be
 * had, the story is skipped, and says so in the log of the build.
 */
final class Tools {
  private static final String SOURCES = "system-test/src/test/python";

  private Tools() {}

  /** The directory of the commands of a Python that has the packages. */
  static synchronized Path python() {
    var home = Home.target().resolve("python");
    var done = home.resolve("requirements.txt");
    var wanted = Home.projectFile(SOURCES + "/requirements.txt");
    if (!Files.exists(done) || !Home.read(done).equals(Home.read(wanted))) {
      var install =
          """
          python3 -m venv --clear "$HOME_OF_PYTHON"
          "$HOME_OF_PYTHON/bin/pip" --quiet --disable-pip-version-check install -r "$WANTED"
          cp "$WANTED" "$HOME_OF_PYTHON/requirements.txt"
          """;
      var run =
          Home.bash(
              install, Map.of("HOME_OF_PYTHON", home.toString(), "WANTED", wanted.toString()));
      if (run.exit() != 0) {
        skip("Python 3 with the packages of " + wanted, run);
      }
    }
    return home.resolve("bin");
  }

  /** Checks that Node is on the path. */
  static void requireNode() {
    var run = Home.bash("node --version", Map.of());
    if (run.exit() != 0) {
      skip("Node", run);
    }
  }

  private static void skip(String what, Home.Run run) {
    var message = "NOT RUN, because " + what + " cannot be had here: " + run.out() + run.err();
    System.out.println(message);
    abort(message);
  }
}
