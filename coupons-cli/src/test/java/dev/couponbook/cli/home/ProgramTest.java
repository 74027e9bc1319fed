package dev.couponbook.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.testing.HomeFolder;
import dev.couponbook.local.HomeFile;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
  @TempDir Path folder;

  private HomeFolder home() {
    var passwords =
        Map.of(
            "coupon_edge",
            "edge",
            "coupon_worker",
            "worker",
            "coupon_ingest",
            "ingest",
            "coupon_sweep",
            "sweep",
            "coupon_ops",
            "ops");
    return new HomeFolder(folder)
        .with("passwords", passwords)
        .with("database", "postgresql://postgres:root@db.example:5433");
  }

  private static HomeFile file(HomeFolder home) {
    return HomeFile.read(home.directory()).orElseThrow();
  }

  @Test
  void each_program_logs_in_as_its_own_role() {
    var home = home();
    var roles = new HashSet<String>();
    for (var program : Program.USERS_OF_INFRA) {
      var settings = program.environment(home.directory(), file(home));
      assertThat(settings.get("COUPON_DB_URL"))
          .isEqualTo("jdbc:postgresql://db.example:5433/couponbook");
      assertThat(roles.add(settings.get("COUPON_DB_USER"))).as(program.title()).isTrue();
      assertThat("coupon_" + settings.get("COUPON_DB_PASSWORD"))
          .isEqualTo(settings.get("COUPON_DB_USER"));
      assertThat(settings.get("COUPON_READY_FILE")).endsWith("/run/" + program.title() + ".ready");
    }
  }

  @Test
  void only_the_edge_knows_the_key_of_request_ids() {
    var home = home();
    for (var program : Program.values()) {
      assertThat(
              program
                  .environment(home.directory(), file(home))
                  .containsKey("COUPON_REQUEST_ID_KEY"))
          .as(program.title())
          .isEqualTo(program == Program.API_EDGE);
    }
  }

  @Test
  void no_secret_of_the_database_is_on_a_command_line() {
    var home = home();
    var terms = file(home).terms();
    assertThat(Program.INFRA.environment(home.directory(), file(home))).isEmpty();
    assertThat(Program.INFRA.environment(terms).get("COUPON_HOME_DATABASE")).contains("root");
    for (var program : Program.values()) {
      var command = program.commandLine(home.directory(), terms);
      assertThat(String.join(" ", command)).doesNotContain("root@", "secret");
      assertThat(command).contains("-jar", program.jar().toString());
    }
    assertThat(Program.INFRA.commandLine(home.directory(), terms))
        .containsSubsequence("--data", folder.toString())
        .containsSubsequence("--home", "localstack", "--endpoint", "http://127.0.0.1:9");
  }

  @Test
  void a_program_is_found_by_its_name() {
    assertThat(Program.named("api-edge")).isEqualTo(Program.API_EDGE);
    assertThatThrownBy(() -> Program.named("edge"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("'edge'")
        .hasMessageContaining("api-edge, assign-worker");
  }
}
