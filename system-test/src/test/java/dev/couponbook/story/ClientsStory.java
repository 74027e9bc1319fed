package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two partners generate their clients from the description, and work with them: commands with and
 * without a wait, polls, an upload and its rejects, refusals, a token that ends, a rate that is
 * used up.
 */
@Tag("long")
@PlaysIn(
    value = HomeKind.EMBEDDED,
    because = "the clients talk to the edge, which is the same in both homes")
class ClientsStory {
  private static final List<String> STEPS =
      List.of(
          "a 202 is a Request",
          "a 201 is a BookCreated",
          "a book of codes",
          "a poll that ends, and a 304",
          "an upload and its rejects",
          "409 and 422",
          "a token that has ended",
          "a 429");

  private static @Nullable Process limited;
  private static int limitedPort;

  @AfterAll
  static void end() {
    if (limited != null) {
      limited.destroy();
    }
  }

  @Test
  void the_python_client_is_played(Home home, Partner partner) {
    var python = Tools.python();
    assertPlayed(
        Home.bash(
            "PYTHONPATH=api-edge/target/python-client \"$PYTHON\" system-test/src/test/python/play.py",
            variables(home, partner, Map.of("PYTHON", python.resolve("python").toString()))));
  }

  @Test
  void the_typescript_client_is_played(Home home, Partner partner) {
    Tools.requireNode();
    var compiled = Home.target().resolve("typescript");
    assertPlayed(
        Home.bash(
            """
            node api-edge/target/typescript-compiler/tsc.js --project system-test/src/test/typescript \\
              --outDir "$COMPILED"
            node "$COMPILED/system-test/src/test/typescript/play.js"
            """,
            variables(home, partner, Map.of("COMPILED", compiled.toString()))));
  }

  private static void assertPlayed(Home.Run run) {
    assertThat(run.exit()).as("%s%s", run.out(), run.err()).isZero();
    for (var step : STEPS) {
      assertThat(run.out()).contains("played: " + step);
    }
  }

  private static Map<String, String> variables(
      Home home, Partner partner, Map<String, String> others) {
    var ended = home.tokens().claims(partner.name());
    ended.put("exp", Instant.now().minusSeconds(1).getEpochSecond());
    var variables = new HashMap<>(others);
    variables.put("EDGE", home.edge());
    variables.put("TOKEN", partner.token());
    variables.put("ENDED_TOKEN", home.tokens().signed(home.tokens().header(), ended));
    variables.put("LIMITED_EDGE", limitedEdge(home));
    return variables;
  }

  /** Another edge of the home, with a rate of one call a second. */
  private static synchronized String limitedEdge(Home home) {
    if (limited == null) {
      limitedPort = Home.freePorts();
      var edge = ProcessHandle.of(home.pid("api-edge")).orElseThrow().info();
      var again = new ProcessBuilder(edge.command().orElseThrow());
      again.command().addAll(List.of(edge.arguments().orElseThrow()));
      again.environment().putAll(environment(home.pid("api-edge")));
      again
          .environment()
          .putAll(
              Map.of(
                  "COUPON_EDGE_PORT", Integer.toString(limitedPort),
                  "COUPON_EDGE_METRICS_PORT", "0",
                  "COUPON_READY_FILE", "",
                  "COUPON_PARTNER_RATE", "1",
                  "COUPON_PARTNER_BURST", "1"));
      try {
        limited =
            again
                .redirectErrorStream(true)
                .redirectOutput(Home.target().resolve("limited-edge.log").toFile())
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    var address = "http://127.0.0.1:" + limitedPort;
    await("the second edge")
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() ->
            Answer.of(HttpRequest.newBuilder(URI.create(address + "/health/liveness")).build())
                    .status()
                == 200);
    return address;
  }

  // As Linux shows it; the programs of a home get theirs from the launcher.
  private static Map<String, String> environment(long pid) {
    try {
      var variables = new HashMap<String, String>();
      var text =
          new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.UTF_8);
      for (var variable : text.split("\0", -1)) {
        int equals = variable.indexOf('=');
        if (equals > 0) {
          variables.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
      }
      return variables;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
