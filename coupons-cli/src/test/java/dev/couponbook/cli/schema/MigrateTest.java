package dev.couponbook.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.testing.Ran;
import dev.couponbook.schema.Schema;
import dev.couponbook.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The build sets COUPON_OWNER_PASSWORD for these tests, as an operator does in the shell. */
class MigrateTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private static Ran migrate(String url, String... more) {
    var words = new String[5 + more.length];
    System.arraycopy(
        new String[] {"migrate", "--url", url, "--owner", "coupon_owner"}, 0, words, 0, 5);
    System.arraycopy(more, 0, words, 5, more.length);
    return Ran.command(words);
  }

  private String url() {
    return database.url().replaceFirst("\\?.*", "");
  }

  @Test
  void a_database_that_is_up_to_date_stays_as_it_is() {
    var sentence = "The schema is at version " + Schema.VERSION + ", as before.\n";
    assertThat(migrate(url())).isEqualTo(new Ran(ExitCode.DONE, sentence, ""));
    assertThat(migrate(url(), "--json").json().path("version").asInt()).isEqualTo(Schema.VERSION);
    assertThat(migrate(url(), "--check"))
        .isEqualTo(new Ran(ExitCode.DONE, "Nothing is missing.\n", ""));
  }

  @Test
  void a_check_of_what_is_missing_fails_with_a_line_for_each() throws Exception {
    try (var connection = database.owner().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "DELETE FROM flyway_schema_history WHERE version = '" + Schema.VERSION + "'");
    }
    var check = migrate(url(), "--check");
    assertThat(check.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(check.out()).contains("the steps " + Schema.VERSION + " are missing");
    assertThat(migrate(url(), "--check", "--json").json().path("missing")).hasSize(1);
  }

  @Test
  void each_obstacle_is_one_sentence_and_has_its_exit_code() {
    var noDatabase = migrate(url() + "_not");
    assertThat(noDatabase.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(noDatabase.err()).contains("There is no database at").hasLineCount(1);
    var noServer = migrate("jdbc:postgresql://127.0.0.1:9/couponbook");
    assertThat(noServer.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(noServer.err()).contains("No server answers for").hasLineCount(1);
    var noUrl = migrate("couponbook");
    assertThat(noUrl.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(noUrl.err())
        .isEqualTo("--url must begin with jdbc:postgresql://host:port/database.\n");
    assertThat(migrate(url() + "?password=x").exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
