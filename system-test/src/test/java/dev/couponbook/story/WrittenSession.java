package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A session with the service as a page shows it: the bash blocks between two comments, and in them,
 * after {@code # }, what each call prints.
 */
record WrittenSession(String page, String script) {
  private static final String ANSWER = "# ";
  private static final Pattern SESSION =
      Pattern.compile("<!-- session:begin -->(.*?)<!-- session:end -->", Pattern.DOTALL);
  private static final Pattern BLOCK = Pattern.compile("```bash\\n(.*?)\\n```", Pattern.DOTALL);

  /** What differs from run to run: ids, times, codes, tokens. */
  private static final List<Pattern> OF_ONE_RUN =
      List.of(
          Pattern.compile("[0-9a-f]{8}-[0-9a-f-]{27}"),
          Pattern.compile("20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"),
          Pattern.compile("(?<=\"code\":\")[A-Z]+-[0-9A-Z]+"),
          Pattern.compile("(?<=\"lockToken\":\")[A-Za-z0-9_-]+"));

  /** The session of the page at this path in the project. */
  static WrittenSession of(String page) {
    var session = SESSION.matcher(Home.read(Home.projectFile(page)));
    assertThat(session.find())
        .as("something between <!-- session:begin --> and <!-- session:end --> in %s", page)
        .isTrue();
    return new WrittenSession(
        page,
        BLOCK
            .matcher(session.group(1))
            .results()
            .map(block -> block.group(1))
            .collect(Collectors.joining("\n")));
  }

  /** Runs it in a shell as this partner, and compares what is printed with what is shown. */
  void run(Partner partner) {
    var run =
        Home.bash(script, Map.of("EDGE", partner.edge(), "TOKEN", partner.token())).succeeds();
    var printed = run.out().lines().filter(line -> !line.isBlank()).toList();
    var shown =
        script
            .lines()
            .filter(line -> line.startsWith(ANSWER))
            .map(line -> line.substring(ANSWER.length()))
            .toList();
    assertThat(shown).as(page).isNotEmpty();
    assertThat(printed.stream().map(WrittenSession::ofAnyRun))
        .as(page)
        .containsExactlyElementsOf(shown.stream().map(WrittenSession::ofAnyRun).toList());
  }

  private static String ofAnyRun(String answer) {
    var text = answer;
    for (var part : OF_ONE_RUN) {
      text = part.matcher(text).replaceAll("…");
    }
    return text;
  }
}
