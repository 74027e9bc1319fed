package dev.couponbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.testing.HomeFolder;
import dev.couponbook.cli.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CouponsTest {
  @TempDir Path data;

  private static void collect(CommandLine command, List<CommandLine> commands) {
    commands.add(command);
    command.getSubcommands().values().forEach(below -> collect(below, commands));
  }

  @Test
  void every_command_has_a_help_and_says_what_it_does() {
    var commands = new ArrayList<CommandLine>();
    collect(Coupons.commandLine(), commands);
    assertThat(commands).hasSizeGreaterThan(20);
    for (var command : commands) {
      var name = command.getCommandSpec().qualifiedName();
      var words = (name + " --help").split(" ");
      var ran = Ran.command(List.of(words).subList(1, words.length).toArray(String[]::new));
      assertThat(ran.exitCode()).as(name).isEqualTo(ExitCode.DONE);
      assertThat(ran.out()).startsWith("Usage: " + name);
      assertThat(ran.err()).isEmpty();
      assertThat(command.getCommandSpec().usageMessage().description()).as(name).isNotEmpty();
    }
  }

  @Test
  void the_help_explains_the_exit_codes() {
    assertThat(Ran.command("--help").out())
        .contains("0 done, 1 failed, 2 usage, 3 done with rejects, 4 stopped, 5 refused,")
        .contains("6 unreachable, 124 wait timed out, 130 detached by Ctrl-C");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fly",
        "restart",
        "up --data",
        "up --port-base many",
        "token",
        "token --partner x --life soon",
        "upload",
        "jobs",
        "jobs stop",
        "jobs stop x",
        "jobs start --partner x --book b",
        "jobs start --partner x --book b --file f --generate 1",
        "jobs list -n few",
        "partner",
        "queues",
        "queues redrive",
        "queues redrive coupon-commands-dead"
      })
  void a_wrong_command_line_is_a_usage_error(String command) {
    var ran = Ran.command(command.split(" "));
    assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "token --partner demo",
        "partner add demo",
        "jobs list",
        "jobs stop x --why y",
        "queues list",
        "logs"
      })
  void a_home_that_was_never_started_is_unreachable(String command) {
    var ran = Ran.command((command + " --data " + data.resolve("none")).split(" "));
    assertThat(ran.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.err()).hasLineCount(1).contains("./coupons up");
  }

  @Test
  void down_where_nothing_runs_is_no_error() {
    var ran = Ran.command("down", "--data", data.toString(), "--json");
    assertThat(ran).isEqualTo(new Ran(ExitCode.DONE, "{\"stopped\":[]}\n", ""));
  }

  @Test
  void reset_leaves_a_directory_alone_that_is_no_home() throws IOException {
    var file = Files.writeString(data.resolve("mine.txt"), "mine");
    var ran = Ran.command("reset", "--yes", "--data", data.toString());
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(file).exists();
  }

  @Test
  void reset_deletes_only_what_the_home_made() throws IOException {
    var home = new HomeFolder(data);
    Files.createDirectories(data.resolve("files/coupon-files/uploads"));
    var file = Files.writeString(data.resolve("mine.txt"), "mine");
    assertThat(home.run("reset", "--yes").exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(data.resolve("files")).doesNotExist();
    assertThat(data.resolve("home.json")).doesNotExist();
    assertThat(file).exists();
  }

  @Test
  void reset_without_a_terminal_asks_for_yes() {
    assertThat(new HomeFolder(data).run("reset").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(data.resolve("home.json")).exists();
  }

  @Test
  void another_port_base_than_the_home_has_is_refused() {
    var ran = new HomeFolder(data).run("status", "--port-base", "19000");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("18990").contains("19000");
  }

  @Test
  void a_home_file_that_cannot_be_read_is_explained_in_one_sentence() throws IOException {
    var home = new HomeFolder(data);
    Files.writeString(data.resolve("home.json"), "{");
    var ran = home.run("status");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).hasLineCount(1).contains("home.json cannot be read");
  }
}
