package dev.couponbook.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.testing.HomeFolder;
import dev.couponbook.cli.testing.Ran;
import dev.couponbook.program.ProcessLife;
import dev.couponbook.program.ReadyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a home whose programs are plain processes of the system. */
class HomeCommandsTest {
  @TempDir Path folder;

  private final List<ProcessHandle> started = new ArrayList<>();
  private final List<ReadyFile> played = new ArrayList<>();
  private HomeFolder home;

  @BeforeEach
  void makeHome() {
    home = new HomeFolder(folder);
  }

  @AfterEach
  void endAll() {
    started.forEach(ProcessHandle::destroyForcibly);
    played.forEach(ReadyFile::delete);
  }

  private ProcessHandle start(Program program, String... command) throws IOException {
    var process =
        BackgroundProcess.start(
            List.of(command),
            Map.of("OF_THE_HOME", "yes"),
            home.directory().logFile(program.title()));
    started.add(process);
    new PidFile(home.directory().pidFile(program.title())).write(process);
    return process;
  }

  private ProcessHandle startSleeping(Program program) throws IOException {
    return start(program, "sleep", "100");
  }

  /** A program that is ready, and answers so: this process plays it. */
  private void playReady(Program program, String... missing) {
    new PidFile(home.directory().pidFile(program.title())).write(ProcessHandle.current());
    var ready = new ReadyFile(home.directory().readyFile(program.title()));
    played.add(ready);
    ready.create(() -> List.of(missing));
  }

  /** The ready file that a program left which is dead, or silent. */
  private void leaveReadyFile(Program program, ProcessHandle process) throws IOException {
    Files.writeString(home.directory().readyFile(program.title()), process.pid() + " 9");
  }

  private void kill(ProcessHandle process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(ProcessLife.awaitEnd(process, Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void status_tells_ready_killed_silent_starting_ended_and_stopped() throws Exception {
    playReady(Program.ASSIGN_WORKER);
    var killed = startSleeping(Program.INGEST_BATCH);
    leaveReadyFile(Program.INGEST_BATCH, killed);
    kill(killed);
    var silent = startSleeping(Program.INFRA);
    leaveReadyFile(Program.INFRA, silent);
    var starting = startSleeping(Program.API_EDGE);

    var ran = home.run("status");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.out())
        .containsPattern("infra +%d +silent since \\d+s ago".formatted(silent.pid()))
        .containsPattern("api-edge +%d +starting, up \\d+s".formatted(starting.pid()))
        .containsPattern("assign-worker +\\d+ +ready, up ")
        .containsPattern("ingest-batch +- +killed, last seen \\d+s ago")
        .containsPattern("unlock-job +- +stopped\n")
        .contains("metrics  http://127.0.0.1:18996/metrics  assign-worker")
        .contains("API      http://127.0.0.1:18990")
        .contains("data     " + folder);
    assertThat(ran.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));

    var json = home.run("status", "--json").json();
    assertThat(json.path("ready").asBoolean()).isFalse();
    assertThat(json.path("home").asString()).isEqualTo("localstack");
    assertThat(json.path("edge").asString()).isEqualTo("http://127.0.0.1:18990");
    assertThat(json.at("/programs/infra/pid").asLong()).isEqualTo(silent.pid());
    assertThat(json.at("/programs/infra/state").asString()).isEqualTo("silent");
    assertThat(json.at("/programs/ingest-batch/state").asString()).isEqualTo("killed");
    assertThat(json.at("/programs/ingest-batch").has("pid")).isFalse();
    assertThat(json.at("/programs/ingest-batch/lastSign").isString()).isTrue();
    assertThat(json.at("/programs/api-edge/metrics").asString())
        .isEqualTo("http://127.0.0.1:18995/metrics");

    kill(starting);
    assertThat(home.run("status").out()).containsPattern("api-edge +- +ended, see its log");
  }

  @Test
  void status_names_what_a_program_lacks() {
    playReady(Program.INFRA, "database", "bucket");
    assertThat(home.run("status").out())
        .containsPattern("infra +\\d+ +not ready, lacks database, bucket");
    assertThat(home.run("status", "--json").json().at("/programs/infra/missing/1").asString())
        .isEqualTo("bucket");
  }

  @Test
  void a_program_is_dead_while_nobody_has_asked_how_it_ended() throws Exception {
    assumeThat(Files.exists(Path.of("/proc/self/stat"))).as("told by Linux").isTrue();
    var parent = new ProcessBuilder("bash", "-c", "sleep 60 & echo $!; exec sleep 60").start();
    started.add(parent.toHandle());
    try (var out = parent.inputReader()) {
      var worker = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
      new PidFile(home.directory().pidFile("assign-worker")).write(worker);
      leaveReadyFile(Program.ASSIGN_WORKER, worker);
      kill(worker);
      assertThat(worker.isAlive()).as("what the JDK says").isTrue();
    }
    assertThat(home.run("status").out()).containsPattern("assign-worker +- +killed");
    assertThat(home.run("down").out()).contains("Nothing was running");
  }

  @Test
  void a_process_that_is_frozen_is_killed_after_a_few_seconds() throws Exception {
    var frozen = startSleeping(Program.UNLOCK_JOB);
    leaveReadyFile(Program.UNLOCK_JOB, frozen);
    new ProcessBuilder("kill", "-STOP", Long.toString(frozen.pid())).start().waitFor();
    var ran = home.run("down");
    assertThat(ran.err()).contains("killed unlock-job, which did not stop within 5 s");
    assertThat(ProcessLife.isAlive(frozen)).isFalse();
  }

  @Test
  void restart_needs_a_program_that_there_is_and_a_home_that_runs() {
    assertThat(home.run("restart").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(home.run("restart", "edge").exitCode()).isEqualTo(ExitCode.USAGE);
    var ran = home.run("restart", "api-edge");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.err()).hasLineCount(1).contains("./coupons up");
  }

  @Test
  void up_does_not_move_into_a_directory_of_somebody_elses(@TempDir Path mine) throws IOException {
    Files.writeString(mine.resolve("thesis.txt"), "mine");
    var ran = Ran.command("up", "--data", mine.toString());
    assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).hasLineCount(1).contains("thesis.txt").contains("--data DIR");
    assertThat(mine).isDirectoryContaining("glob:**thesis.txt");
    assertThat(mine.resolve("run")).doesNotExist();
  }

  @Test
  void down_ends_what_runs_the_local_cloud_last() throws IOException {
    var infra = startSleeping(Program.INFRA);
    var sweep = startSleeping(Program.UNLOCK_JOB);
    var ran = home.run("down", "--json");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out()).isEqualTo("{\"stopped\":[\"unlock-job\",\"infra\"]}\n");
    assertThat(ran.err()).contains("stopped unlock-job\n  stopped infra\n");
    assertThat(ProcessLife.isAlive(infra)).isFalse();
    assertThat(ProcessLife.isAlive(sweep)).isFalse();
    assertThat(home.directory().pidFile("infra")).doesNotExist();
    assertThat(home.run("down").out()).contains("Nothing was running");
  }

  @Test
  void reset_stops_the_home_before_it_deletes_it() throws IOException {
    var edge = startSleeping(Program.API_EDGE);
    var ran = home.run("reset", "--yes", "--json");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(ran.json().path("deleted").asString()).isEqualTo(folder.toString());
    assertThat(ProcessLife.isAlive(edge)).isFalse();
    assertThat(folder).doesNotExist();
  }

  @Test
  void a_program_has_the_homes_settings_and_nothing_of_the_users_cloud() throws Exception {
    assumeThat(System.getenv("AWS_PROFILE")).as("set by the build").isNotNull();
    var script = "echo home=$OF_THE_HOME cloud=$AWS_PROFILE; echo bad >&2";
    start(Program.API_EDGE, "bash", "-c", script).onExit().get();
    assertThat(home.directory().logFile("api-edge")).content().isEqualTo("home=yes cloud=\nbad\n");
  }

  @Test
  void a_program_outlives_the_shell_that_started_it_in_a_group_of_its_own() throws Exception {
    var process = startSleeping(Program.API_EDGE);
    var ps = new ProcessBuilder("ps", "-o", "pgid=", "-p", Long.toString(process.pid())).start();
    var group = new String(ps.getInputStream().readAllBytes()).strip();
    assertThat(group).isEqualTo(Long.toString(process.pid()));
  }

  @Test
  void logs_show_the_end_of_one_program_or_of_each() throws IOException {
    Files.writeString(home.directory().logFile("api-edge"), "one\ntwo\nthree\n");
    assertThat(home.run("logs", "api-edge", "-n", "2").out()).isEqualTo("two\nthree\n");
    assertThat(home.run("logs", "-n", "1").out())
        .contains("==> api-edge <==\nthree\n")
        .contains("==> infra <==\n(no log");
    var unknown = home.run("logs", "edge");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(unknown.err()).contains("There is no program 'edge'");
  }
}
