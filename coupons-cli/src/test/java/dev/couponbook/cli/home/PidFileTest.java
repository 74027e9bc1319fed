package dev.couponbook.cli.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  @TempDir Path folder;

  @Test
  void a_running_process_is_found_again() {
    var file = new PidFile(folder.resolve("p.pid"));
    file.write(ProcessHandle.current());
    assertThat(file.process()).contains(ProcessHandle.current());
  }

  @Test
  void a_process_that_ended_is_not_found() throws Exception {
    var process = new ProcessBuilder("sleep", "60").start();
    var file = new PidFile(folder.resolve("p.pid"));
    file.write(process.toHandle());
    process.destroyForcibly().waitFor();
    assertThat(file.process()).isEmpty();
  }

  @Test
  void another_process_with_the_same_number_is_not_taken_for_it() throws IOException {
    var path = folder.resolve("p.pid");
    var self = ProcessHandle.current();
    var earlier = self.info().startInstant().orElseThrow().minus(Duration.ofMinutes(1));
    Files.writeString(path, self.pid() + " " + earlier.toEpochMilli());
    assertThat(new PidFile(path).process()).isEmpty();
  }

  @Test
  void no_file_and_a_torn_file_name_nobody() throws IOException {
    var path = folder.resolve("p.pid");
    assertThat(new PidFile(path).process()).isEmpty();
    for (var torn : new String[] {"", "12", "x y", ProcessHandle.current().pid() + " "}) {
      Files.writeString(path, torn);
      assertThat(new PidFile(path).process()).as(torn).isEmpty();
    }
  }
}
