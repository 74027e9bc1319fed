package dev.couponbook.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Programs shown in the guide for partners are parts of programs that stories run. */
class SnippetsTest {
  private static final Pattern PYTHON = Pattern.compile("```python\\n(.*?)```", Pattern.DOTALL);

  @Test
  void lines_of_python_in_the_guide_are_those_of_the_client_that_is_played() throws IOException {
    var played = Files.readString(Path.of("src/test/python/play.py"));
    var snippets = PYTHON.matcher(Files.readString(Path.of("../docs/partner-guide.md")));
    assertThat(snippets.results().map(snippet -> snippet.group(1)))
        .hasSizeGreaterThan(3)
        .allSatisfy(snippet -> assertThat(played).contains(snippet));
  }
}
