package dev.couponbook.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.testing.HomeFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private HomeFolder home;

  @BeforeEach
  void makeHome() {
    home = new HomeFolder(folder);
  }

  @AfterEach
  void endAll() {
    started.forEach(ProcessHandle::destroyForcibly);
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

  @Test
  void status_says_what_runs_and_what_is_not_ready() throws IOException {
    var worker = startSleeping(Program.ASSIGN_WORKER);
    startSleeping(Program.INGEST_BATCH);
    Files.createFile(home.directory().readyFile("ingest-batch"));
    var ran = home.run("status");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.out())
        .containsPattern("infra +- +stopped +-")
        .containsPattern("assign-worker +%d +not ready +\\d+s".formatted(worker.pid()))
        .containsPattern("ingest-batch +\\d+ +ready")
        .contains("API http://127.0.0.1:18990, data " + folder);

    var json = home.run("status", "--json").json();
    assertThat(json.path("ready").asBoolean()).isFalse();
    assertThat(json.path("home").asString()).isEqualTo("localstack");
    assertThat(json.path("edge").asString()).isEqualTo("http://127.0.0.1:18990");
    assertThat(json.at("/programs/assign-worker/pid").asLong()).isEqualTo(worker.pid());
    assertThat(json.path("programs").size()).isEqualTo(2);
  }

  @Test
  void down_ends_what_runs_the_local_cloud_last() throws IOException {
    var infra = startSleeping(Program.INFRA);
    var sweep = startSleeping(Program.UNLOCK_JOB);
    var ran = home.run("down", "--json");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out()).isEqualTo("{\"stopped\":[\"unlock-job\",\"infra\"]}\n");
    assertThat(ran.err()).contains("stopped unlock-job\n  stopped infra\n");
    assertThat(infra.isAlive()).isFalse();
    assertThat(sweep.isAlive()).isFalse();
    assertThat(home.directory().pidFile("infra")).doesNotExist();
    assertThat(home.run("down").out()).contains("Nothing was running");
  }

  @Test
  void reset_stops_the_home_before_it_deletes_it() throws IOException {
    var edge = startSleeping(Program.API_EDGE);
    var ran = home.run("reset", "--yes", "--json");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(ran.json().path("deleted").asString()).isEqualTo(folder.toString());
    assertThat(edge.isAlive()).isFalse();
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
