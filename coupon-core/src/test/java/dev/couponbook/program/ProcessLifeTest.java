package dev.couponbook.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessLifeTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void a_process_is_alive_until_it_is_killed() throws Exception {
    var process = new ProcessBuilder("sleep", "60").start();
    assertThat(ProcessLife.isAlive(process.toHandle())).isTrue();
    assertThat(ProcessLife.awaitEnd(process.toHandle(), Duration.ZERO)).isFalse();
    process.destroyForcibly();
    assertThat(ProcessLife.awaitEnd(process.toHandle(), LIMIT)).isTrue();
  }

  @Test
  void a_process_whose_parent_never_asks_how_it_ended_is_dead() throws Exception {
    assumeThat(Files.exists(Path.of("/proc/self/stat"))).as("told by Linux").isTrue();
    // The shell becomes a process that never looks after its child.
    var parent = new ProcessBuilder("bash", "-c", "sleep 60 & echo $!; exec sleep 60").start();
    try (var out = parent.inputReader()) {
      var child = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
      // While it is still a shell, it would look after it.
      while (Files.readString(Path.of("/proc/" + parent.pid() + "/comm")).startsWith("bash")) {
        Thread.onSpinWait();
      }
      child.destroyForcibly();
      assertThat(ProcessLife.awaitEnd(child, LIMIT)).isTrue();
      assertThat(child.isAlive()).as("what the JDK says of it").isTrue();
    } finally {
      parent.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @CsvSource({"R,1,false", "S,30,false", "T,5,false", "Z,1,true", "Z,30,false", "X,1,true"})
  void a_process_ends_with_its_last_thread(String state, int threads, boolean zombie) {
    var line =
        "7 (a ) Z b) %s 1 7 7 0 -1 4 0 0 0 0 0 0 0 0 20 0 %d 0 1 0 0".formatted(state, threads);
    assertThat(ProcessLife.isZombie(line)).isEqualTo(zombie);
  }
}
