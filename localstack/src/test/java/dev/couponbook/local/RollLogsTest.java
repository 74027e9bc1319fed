package dev.couponbook.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.program.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollLogsTest {
  @TempDir Path folder;

  private Path log(int number) {
    return folder.resolve("api-edge.log" + (number == 0 ? "" : "." + number));
  }

  private RollLogs logs(int files) {
    return new RollLogs(folder, 10, files);
  }

  @Test
  void a_log_is_rolled_when_it_is_long_enough_and_a_bounded_number_is_kept() throws IOException {
    for (int round = 1; round <= 5; round++) {
      Files.writeString(log(0), "round %d...".formatted(round));
      assertThat(logs(3).runOnce()).isEqualTo(1);
      assertThat(log(0)).isEmptyFile();
    }
    assertThat(log(1)).hasContent("round 5...");
    assertThat(log(2)).hasContent("round 4...");
    assertThat(log(3)).doesNotExist();

    Files.writeString(log(0), "short");
    assertThat(logs(3).runOnce()).isZero();
    assertThat(log(0)).hasContent("short");
  }

  @Test
  void with_fewer_files_the_older_ones_go() throws IOException {
    for (int number = 0; number < 5; number++) {
      Files.writeString(log(number), "0123456789");
    }
    logs(2).runOnce();
    assertThat(log(1)).exists();
    assertThat(IntStream.range(2, 5).mapToObj(this::log)).noneMatch(Files::exists);
    logs(1).runOnce();
    Files.writeString(log(0), "0123456789");
    logs(1).runOnce();
    assertThat(log(0)).isEmptyFile();
    assertThat(log(1)).doesNotExist();
  }

  @Test
  void a_program_that_writes_meanwhile_goes_on_in_the_emptied_log() throws Exception {
    // As the launcher starts a program: the shell appends what it prints.
    var writer =
        new ProcessBuilder(
                "bash", "-c", "exec >>\"$0\"; while read -r line; do echo $line; done", log(0) + "")
            .start();
    try (var in = writer.outputWriter()) {
      for (int i = 0; i < 20; i++) {
        in.write("line %02d of the program\n".formatted(i));
        in.flush();
        awaitLonger(log(0));
        assertThat(logs(50).runOnce()).isEqualTo(1);
      }
    }
    assertThat(writer.waitFor()).isZero();
    var all = new StringBuilder();
    for (int number = 20; number >= 0; number--) {
      all.append(Files.readString(log(number)));
    }
    assertThat(all.toString().lines().toList())
        .isEqualTo(IntStream.range(0, 20).mapToObj("line %02d of the program"::formatted).toList());
  }

  private static void awaitLonger(Path log) throws IOException {
    while (!Files.exists(log) || Files.size(log) == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void other_files_are_left_alone() throws IOException {
    var other = Files.writeString(folder.resolve("notes.txt"), "longer than ten");
    Files.writeString(log(0), "0123456789", StandardOpenOption.CREATE);
    assertThat(logs(2).runOnce()).isEqualTo(1);
    assertThat(other).hasContent("longer than ten");
  }

  @Test
  void a_bad_length_is_refused_by_its_name() {
    var environment = new Environment(Map.of("COUPON_LOG_MEGABYTES", "0"));
    assertThatThrownBy(() -> RollLogs.start(folder, environment))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessageContaining("COUPON_LOG_MEGABYTES");
  }
}
