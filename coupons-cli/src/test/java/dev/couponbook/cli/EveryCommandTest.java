package dev.couponbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.testing.CommandLines;
import dev.couponbook.cli.testing.HomeFolder;
import dev.couponbook.cli.testing.Ran;
import dev.couponbook.cli.testing.TestHome;
import dev.couponbook.json.Json;
import dev.couponbook.program.ProcessLife;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every command of {@code ./coupons} on every sorry state of a home: one sentence, the exit code
 * that belongs to it, and no stack trace. The commands come from picocli's model: a new one is
 * tried without being written here. {@code RepairStory} does the same with programs that run.
 */
class EveryCommandTest {
  @RegisterExtension static final TestHome LIVE_DATABASE = new TestHome();

  @TempDir static Path folder;

  private static List<String> commands = List.of();

  /** What a command finds. */
  private enum State {
    NEVER_STARTED(ExitCode.UNREACHABLE, "up 1, demo 1, down 0, reset 0"),
    A_FILE_AND_NO_DIRECTORY(ExitCode.USAGE, ""),
    SOMEBODY_ELSES_DIRECTORY(ExitCode.UNREACHABLE, "up 2, demo 2, down 0, reset 0"),
    A_FILE_SYSTEM_THAT_TAKES_NOTHING(ExitCode.UNREACHABLE, "up 1, demo 1, down 0, reset 0"),
    A_TORN_HOME_FILE(ExitCode.FAILED, "down 0, reset 2"),
    A_HOME_FILE_OF_ANOTHER_VERSION(ExitCode.FAILED, "down 0, reset 2"),
    A_HOME_FILE_THAT_CANNOT_BE_READ(ExitCode.FAILED, "down 0, reset 2"),
    STOPPED(ExitCode.UNREACHABLE, "up 1, demo 1, down 0, reset 2, logs 0"),
    ALL_KILLED(ExitCode.UNREACHABLE, "up 1, demo 1, down 0, reset 2, logs 0"),
    /** The queues, the bucket and the edge are away. */
    ONLY_THE_DATABASE(
        ExitCode.UNREACHABLE,
        "up 1, demo 1, down 0, reset 2, logs 0, token 0, partner add 0, jobs list 0, jobs show 5,"
            + " jobs watch 5, jobs rejects 5, jobs stop 5, jobs restart 5, jobs recover 5,"
            + " jobs abandon 5, books show 5, books pause 5, books resume 5, books close 5,"
            + " books change 5");

    private final int exitCode;
    private final Map<String, Integer> others;

    State(int exitCode, String others) {
      this.exitCode = exitCode;
      this.others = parse(others);
    }

    private static Map<String, Integer> parse(String others) {
      var codes = new HashMap<String, Integer>();
      Arrays.stream(others.split(", "))
          .filter(other -> !other.isEmpty())
          .forEach(other -> {
            int blank = other.lastIndexOf(' ');
            codes.put(other.substring(0, blank), Integer.valueOf(other.substring(blank + 1)));
          });
      return codes;
    }

    int exitCode(String command) {
      return others.entrySet().stream()
          .filter(other -> (command + " ").startsWith(other.getKey() + " "))
          .findFirst()
          .map(Map.Entry::getValue)
          .orElse(exitCode);
    }
  }

  @BeforeAll
  static void collectCommands() throws IOException {
    var file = Files.writeString(folder.resolve("codes.csv"), "code\nA-1\n");
    commands = new CommandLines(file).of(Coupons.commandLine());
  }

  private static Path home(State state) throws Exception {
    var data = folder.resolve(state.name());
    switch (state) {
      case NEVER_STARTED -> {}
      case A_FILE_AND_NO_DIRECTORY -> Files.writeString(data, "mine");
      case SOMEBODY_ELSES_DIRECTORY ->
          Files.writeString(Files.createDirectories(data).resolve("thesis.txt"), "mine");
      case A_FILE_SYSTEM_THAT_TAKES_NOTHING -> {
        return Path.of("/proc/couponbook");
      }
      case A_TORN_HOME_FILE ->
          Files.writeString(new HomeFolder(data).directory().homeFile(), "{\"portBase\":189");
      case A_HOME_FILE_OF_ANOTHER_VERSION -> new HomeFolder(data).with("kind", "on_the_moon");
      case A_HOME_FILE_THAT_CANNOT_BE_READ -> {
        // Permissions would not stop a superuser.
        var file = new HomeFolder(data).directory().homeFile();
        Files.delete(file);
        Files.createDirectory(file);
      }
      case STOPPED -> new HomeFolder(data).withIssuer().with("database", AWAY);
      case ALL_KILLED -> leaveFiles(new HomeFolder(data).withIssuer().with("database", AWAY));
      case ONLY_THE_DATABASE -> {
        leaveFiles(LIVE_DATABASE.folder().withIssuer());
        LIVE_DATABASE.rows().partner("demo");
        return LIVE_DATABASE.folder().directory().root();
      }
    }
    return data;
  }

  private static final String AWAY = "postgresql://postgres:test@127.0.0.1:9";

  // As programs leave them that were killed.
  private static void leaveFiles(HomeFolder home) throws Exception {
    var process = new ProcessBuilder("sleep", "60").start();
    long started = process.info().startInstant().orElseThrow().toEpochMilli();
    process.destroyForcibly();
    assertThat(ProcessLife.awaitEnd(process.toHandle(), Duration.ofSeconds(20))).isTrue();
    for (var program :
        List.of("infra", "api-edge", "assign-worker", "ingest-batch", "unlock-job")) {
      Files.writeString(home.directory().pidFile(program), process.pid() + " " + started);
      Files.writeString(home.directory().readyFile(program), process.pid() + " 9");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tells_what_is_wrong_and_ends_with_the_exit_code_that_says_so(State state) throws Exception {
    var data = home(state).toString();
    var wrong = new ArrayList<String>();
    for (var command : commands) {
      for (var more : List.of("", " --json")) {
        var line = command + " --data " + data + more;
        judge(line, Ran.command(line.split(" ")), state.exitCode(command), wrong);
        // What one command deleted, the next one finds again.
        if (state.exitCode(command) == ExitCode.DONE && command.equals("down")) {
          refill(state);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void refill(State state) throws Exception {
    if (state == State.ALL_KILLED) {
      leaveFiles(new HomeFolder(folder.resolve(state.name())).with("database", AWAY));
    }
  }

  private static void judge(String line, Ran ran, int exitCode, List<String> wrong) {
    var said = ran.out() + ran.err();
    if (ran.exitCode() != exitCode) {
      wrong.add("%s: exit %d in place of %d: %s".formatted(line, ran.exitCode(), exitCode, said));
    }
    if (said.contains("\tat ") || said.contains("Exception") || said.contains("null")) {
      wrong.add(line + ": no sentence for people: " + said);
    }
    if (ran.exitCode() != ExitCode.DONE && (said.isBlank() || ran.err().lines().count() > 4)) {
      wrong.add(line + ": not one sentence: " + said);
    }
    if (line.contains("--json") && !ran.out().isBlank() && !line.startsWith("logs")) {
      Json.mapper().readTree(ran.out());
    }
  }

  @Test
  void every_command_is_there_with_what_it_needs() {
    assertThat(commands)
        .hasSizeGreaterThan(20)
        .contains("status", "restart unlock-job")
        .anySatisfy(line -> assertThat(line).startsWith("jobs start").contains("--file"))
        .anySatisfy(line -> assertThat(line).startsWith("jobs start").contains("--generate 2000"));
  }
}
