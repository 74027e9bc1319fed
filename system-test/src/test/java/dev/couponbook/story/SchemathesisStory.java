package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An outside tool reads the description and tries whatever it admits and forbids, call by call and
 * along the links from one call to the next. What it is told of this API, and each exception with
 * its reason, is in {@code src/test/python/hooks.py} and {@code schemathesis.toml}.
 */
@Tag("long")
@PlaysIn(
    value = HomeKind.EMBEDDED,
    because = "what the tool tries is the edge, which is the same in both homes")
class SchemathesisStory {
  @Test
  void what_is_described_is_what_is_done(Home home, Partner partner) {
    var tools = Tools.python();
    var description = Home.target().resolve("openapi-for-tools.yaml");
    write(description, ofTheStandard(Home.fetch(home.edge() + "/openapi.yaml")));

    var run =
        Home.bash(
            """
            cd system-test/src/test/python
            "$SCHEMATHESIS" --config-file schemathesis.toml run "$DESCRIPTION" --url "$EDGE" \\
              --header "Authorization: Bearer $TOKEN"
            """,
            Map.of(
                "SCHEMATHESIS",
                tools.resolve("schemathesis").toString(),
                "DESCRIPTION",
                description.toString(),
                "EDGE",
                partner.edge(),
                "TOKEN",
                partner.token()));

    System.out.println(run.out());
    assertThat(run.exit()).as("%s%s", run.out(), run.err()).isZero();
    assertThat(run.out()).contains("Tested: 31\n", "No issues found").doesNotContain("⏭  Stateful");
  }

  // Generators make classes of one of the two words, and parsers misread the other.
  private static String ofTheStandard(String description) {
    return description
        .replace("      x-requestBody: {", "      requestBody: {")
        .replace("\n      x-not: ", "\n      not: ");
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
