package dev.couponbook.cli.testing;

import dev.couponbook.cli.Coupons;
import dev.couponbook.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * A command of the launcher that has ended. It ran in this JVM, so tests that run commands must not
 * run at the same time.
 */
public record Ran(int exitCode, String out, String err) {
  public static Ran command(String... words) {
    var stdout = System.out;
    var stderr = System.err;
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Locale.setDefault(Locale.ROOT); // as main does
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int exitCode = Coupons.commandLine().execute(words);
      return new Ran(
          exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(stdout);
      System.setErr(stderr);
    }
  }

  /** The answer to {@code --json}. */
  public JsonNode json() {
    return Json.mapper().readTree(out);
  }
}
