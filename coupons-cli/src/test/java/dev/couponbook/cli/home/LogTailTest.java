package dev.couponbook.cli.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
  @TempDir Path folder;

  @Test
  void the_last_lines_are_shown_from_a_place_on() throws IOException {
    var log = Files.writeString(folder.resolve("l"), "old\none\ntwo\nthree\n");
    assertThat(LogTail.lastLines(log, 0, 2)).isEqualTo("two\nthree\n");
    assertThat(LogTail.lastLines(log, 4, 10)).isEqualTo("one\ntwo\nthree\n");
    assertThat(LogTail.lastLines(log, 18, 10)).isEmpty();
  }

  @Test
  void a_log_that_is_not_there_is_said_to_be_so() {
    assertThat(LogTail.lastLines(folder.resolve("none"), 0, 2)).startsWith("(no log");
  }

  @Test
  void a_long_log_is_not_read_whole() throws IOException {
    var log = Files.writeString(folder.resolve("l"), "a line\n".repeat(100_000) + "the end\n");
    assertThat(LogTail.lastLines(log, 0, 1)).isEqualTo("the end\n");
  }
}
