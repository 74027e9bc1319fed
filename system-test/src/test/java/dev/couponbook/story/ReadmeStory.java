package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A newcomer copies the README's session into a shell and compares the output. */
class ReadmeStory {
  private static final Pattern SESSION =
      Pattern.compile(
          "<!-- session:begin -->\\s*```(?:bash|sh|shell)\\n(.*?)\\n```\\s*<!-- session:end -->",
          Pattern.DOTALL);

  /** What differs from run to run: ids, times, codes, tokens. */
  private static final List<Pattern> OF_ONE_RUN =
      List.of(
          Pattern.compile("[0-9a-f]{8}-[0-9a-f-]{27}"),
          Pattern.compile("20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"),
          Pattern.compile("(?<=\"code\":\")[A-Z]+-[0-9A-Z]+"),
          Pattern.compile("(?<=\"lockToken\":\")[A-Za-z0-9_-]+"));

  @Test
  void the_session_of_the_readme_runs_as_written_with_the_answers_it_shows(Partner partner) {
    var readme = Home.projectFile("README.md");
    assertThat(readme).exists();
    var session = SESSION.matcher(Home.read(readme));
    assertThat(session.find())
        .as("a bash block between <!-- session:begin --> and <!-- session:end --> in README.md")
        .isTrue();

    var run =
        Home.bash(session.group(1), Map.of("EDGE", partner.edge(), "TOKEN", partner.token()))
            .succeeds();

    var answered = run.out().lines().filter(line -> !line.isBlank()).toList();
    var shown =
        session
            .group(1)
            .lines()
            .filter(line -> line.startsWith("# {"))
            .map(line -> line.substring(2))
            .toList();
    assertThat(shown).isNotEmpty();
    assertThat(answered.stream().map(ReadmeStory::ofAnyRun))
        .containsExactlyElementsOf(shown.stream().map(ReadmeStory::ofAnyRun).toList());
  }

  private static String ofAnyRun(String answer) {
    var text = answer;
    for (var part : OF_ONE_RUN) {
      text = part.matcher(text).replaceAll("…");
    }
    return text;
  }
}
