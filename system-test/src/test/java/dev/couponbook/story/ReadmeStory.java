package dev.couponbook.story;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A newcomer copies the session of a page into a shell and compares the output. */
class ReadmeStory {
  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/partner-guide.md"})
  void the_session_of_a_page_runs_as_written_with_the_answers_it_shows(
      String page, Partner partner) {
    WrittenSession.of(page).run(partner);
  }
}
