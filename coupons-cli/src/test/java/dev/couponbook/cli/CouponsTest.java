package dev.couponbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.cli.terminal.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CouponsTest {
  @TempDir Path data;

  private final PrintStream stdout = System.out;
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stopListening() {
    System.setOut(stdout);
    System.setErr(stderr);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "up",
        "down",
        "status",
        "logs",
        "token",
        "partner",
        "partner add",
        "upload",
        "jobs",
        "jobs list",
        "jobs show",
        "jobs watch",
        "demo",
        "reset"
      })
  void every_command_has_a_help(String command) {
    assertThat(run((command + " --help").strip().split(" "))).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: coupons");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fly",
        "up --data",
        "up --port-base many",
        "token",
        "token --partner x --life soon",
        "upload",
        "jobs",
        "partner"
      })
  void a_wrong_command_line_is_a_usage_error(String command) {
    assertThat(run(command.split(" "))).isEqualTo(ExitCode.USAGE);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"status", "token --partner demo", "partner add demo", "jobs list", "logs"})
  void a_home_that_was_never_started_is_unreachable(String command) {
    var words = (command + " --data " + data.resolve("none")).split(" ");
    assertThat(run(words)).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(err.toString(StandardCharsets.UTF_8)).hasLineCount(1).contains("./coupons up");
  }

  @Test
  void down_where_nothing_runs_is_no_error() {
    assertThat(run("down", "--data", data.toString(), "--json")).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"stopped\":[]}\n");
  }

  @Test
  void reset_leaves_a_directory_alone_that_is_no_home() throws IOException {
    var file = Files.writeString(data.resolve("mine.txt"), "mine");
    assertThat(run("reset", "--yes", "--data", data.toString())).isEqualTo(ExitCode.DONE);
    assertThat(file).exists();
  }

  @Test
  void reset_deletes_only_what_the_home_made() throws IOException {
    Files.writeString(data.resolve("home.json"), HOME_JSON);
    Files.createDirectories(data.resolve("files/coupon-files/uploads"));
    var file = Files.writeString(data.resolve("mine.txt"), "mine");
    assertThat(run("reset", "--yes", "--data", data.toString())).isEqualTo(ExitCode.DONE);
    assertThat(data.resolve("files")).doesNotExist();
    assertThat(data.resolve("home.json")).doesNotExist();
    assertThat(file).exists();
  }

  @Test
  void reset_without_a_terminal_asks_for_yes() throws IOException {
    Files.writeString(data.resolve("home.json"), HOME_JSON);
    assertThat(run("reset", "--data", data.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(data.resolve("home.json")).exists();
  }

  @Test
  void another_port_base_than_the_home_has_is_refused() throws IOException {
    Files.writeString(data.resolve("home.json"), HOME_JSON);
    assertThat(run("status", "--data", data.toString(), "--port-base", "19000"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("18990").contains("19000");
  }

  private static final String HOME_JSON =
      """
      {"portBase": 18990, "region": "eu-central-1", "accessKeyId": "a", "secretAccessKey": "s",
       "requestIdKey": "", "passwords": {}}
      """;

  private static int run(String... words) {
    return Coupons.commandLine().execute(words);
  }
}
