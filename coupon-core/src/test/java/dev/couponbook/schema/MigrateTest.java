package dev.couponbook.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.program.Environment;
import dev.couponbook.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The task that brings a database up to date: its settings, what it prints, its exit codes. */
class MigrateTest {
  @RegisterExtension static final TestDatabase server = new TestDatabase();

  @RegisterExtension final NewDatabase database = new NewDatabase(server);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private int run(Map<String, String> variables, String... arguments) {
    var out = System.out;
    var err = System.err;
    var print = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(print);
    System.setErr(print);
    try {
      return Migrate.run(arguments, variables);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private String printed() {
    var text = printed.toString(StandardCharsets.UTF_8);
    printed.reset();
    return text;
  }

  private Map<String, String> settings() {
    return new HashMap<>(
        Map.of("COUPON_DB_URL", database.url(), "COUPON_OWNER_PASSWORD", "owners-secret"));
  }

  @Test
  void a_check_comes_before_and_after(@TempDir Path secrets) throws IOException {
    var settings = settings();
    settings.put("COUPON_EDGE_PASSWORD", "edges-secret");
    settings.put(
        "COUPON_OPS_PASSWORD_FILE",
        Files.writeString(secrets.resolve("ops"), "ops-secret\n").toString());
    assertThat(run(settings, "--check")).isEqualTo(Migrate.FAILED);
    assertThat(printed()).startsWith("migrate: The schema is at version 0; the steps 1, 2, ");
    assertThat(run(settings)).isEqualTo(Migrate.DONE);
    assertThat(printed())
        .contains("migrate: The schema is at version " + Schema.VERSION + ", ")
        .doesNotContain("secret");
    assertThat(run(settings, "--check")).isEqualTo(Migrate.DONE);
    assertThat(printed()).isEqualTo("migrate: nothing is missing\n");
  }

  private void badSetting(Map<String, String> settings, String sentence) {
    assertThat(run(settings)).isEqualTo(Environment.BAD_SETTING);
    assertThat(printed()).isEqualTo("migrate: " + sentence + "\n");
  }

  @Test
  void a_bad_setting_is_named_without_its_value(@TempDir Path folder) throws IOException {
    var settings = settings();
    settings.remove("COUPON_OWNER_PASSWORD");
    badSetting(settings, "COUPON_OWNER_PASSWORD is not set.");
    var absent = folder.resolve("absent");
    settings.put("COUPON_OWNER_PASSWORD_FILE", absent.toString());
    badSetting(
        settings, "COUPON_OWNER_PASSWORD_FILE names a file that cannot be read: " + absent + ".");
    settings.put(
        "COUPON_OWNER_PASSWORD_FILE", Files.createFile(folder.resolve("empty")).toString());
    badSetting(settings, "COUPON_OWNER_PASSWORD_FILE names a file that is empty.");
    settings.put("COUPON_OWNER_PASSWORD", "owners-secret");
    badSetting(
        settings,
        "COUPON_OWNER_PASSWORD and COUPON_OWNER_PASSWORD_FILE are both set: set one of them.");
    settings.remove("COUPON_OWNER_PASSWORD_FILE");
    settings.put("COUPON_DB_URL", database.url() + "?password=owners-secret");
    badSetting(
        settings,
        "The address of the database must have no password in it: set COUPON_OWNER_PASSWORD.");
    settings.put("COUPON_DB_URL", "postgresql://somewhere");
    badSetting(settings, "COUPON_DB_URL must begin with jdbc:postgresql://host:port/database.");
  }

  @Test
  void an_unknown_argument_is_a_usage_error() {
    assertThat(run(settings(), "--password", "x")).isEqualTo(Environment.BAD_SETTING);
    assertThat(printed()).isEqualTo("migrate: unknown arguments; usage: migrate [--check]\n");
  }

  @Test
  void what_is_refused_and_what_does_not_answer_have_their_exit_codes() {
    var settings = settings();
    settings.put("COUPON_DB_URL", database.url() + "_not");
    assertThat(run(settings)).isEqualTo(Migrate.REFUSED);
    assertThat(printed()).startsWith("migrate: There is no database at ").hasLineCount(1);
    settings.put("COUPON_DB_URL", "jdbc:postgresql://127.0.0.1:9/couponbook");
    assertThat(run(settings)).isEqualTo(Migrate.UNREACHABLE);
    assertThat(printed()).startsWith("migrate: No server answers for ").hasLineCount(1);
  }

  @Test
  void settings_show_no_secret() {
    var settings = settings();
    settings.put("COUPON_EDGE_PASSWORD", "edges-secret");
    assertThat(MigrateSettings.from(new Environment(settings)).toString())
        .contains("coupon_owner", "coupon_edge")
        .doesNotContain("secret");
  }
}
