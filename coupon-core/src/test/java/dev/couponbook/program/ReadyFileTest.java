package dev.couponbook.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.program.ReadyFile.Answer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadyFileTest {
  private static final long OURS = ProcessHandle.current().pid();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private Path path;
  private ReadyFile file;

  @BeforeEach
  void name() {
    path = folder.resolve("run/worker.ready");
    file = new ReadyFile(path);
  }

  @AfterEach
  void delete() {
    file.delete();
  }

  @Test
  void a_ready_program_answers_with_its_process_and_what_it_lacks() {
    assertThat(ReadyFile.ask(path)).isEmpty();
    file.create();
    assertThat(ReadyFile.ask(path)).contains(new Answer(OURS, List.of()));
    file.delete();
    file.create(() -> List.of("database", "commands queue"));
    assertThat(ReadyFile.ask(path))
        .contains(new Answer(OURS, List.of("database", "commands queue")));
  }

  @Test
  void a_program_that_stops_answers_nobody_and_takes_its_file_away() {
    file.create();
    file.delete();
    assertThat(path).doesNotExist();
    assertThat(ReadyFile.ask(path)).isEmpty();
    file.delete(); // once more is no error
  }

  @Test
  void a_part_that_cannot_be_asked_is_told_as_missing() {
    file.create(() -> {
      throw new IllegalStateException("on purpose");
    });
    assertThat(ReadyFile.ask(path))
        .hasValueSatisfying(answer -> assertThat(answer.missing()).hasSize(1));
  }

  @Test
  void the_file_of_a_dead_program_is_not_believed() throws Exception {
    int nobody;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    Files.createDirectories(path.getParent());
    for (var left : List.of(OURS + " " + nobody, "", "1", "one two", OURS + " 99999", OURS + "")) {
      Files.writeString(path, left);
      assertThat(ReadyFile.ask(path)).as(left).isEmpty();
    }
  }

  @Test
  void another_program_at_the_port_of_a_dead_one_is_not_believed() throws Exception {
    file.create();
    var port = Files.readString(path).split(" ")[1];
    var left = Files.writeString(folder.resolve("dead.ready"), OURS + 1 + " " + port);
    assertThat(ReadyFile.ask(left)).isEmpty();
  }

  @Test
  void the_file_of_a_live_program_is_touched_again_and_again() throws Exception {
    file.create();
    Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));
    await(() -> Files.getLastModifiedTime(path).toInstant().isAfter(Instant.EPOCH));
    Files.delete(path);
    await(() -> Files.exists(path));
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
