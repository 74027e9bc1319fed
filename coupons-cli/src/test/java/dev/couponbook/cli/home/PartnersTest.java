package dev.couponbook.cli.home;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.testing.Ran;
import dev.couponbook.cli.testing.TestHome;
import dev.couponbook.json.Json;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PartnersTest {
  @RegisterExtension final TestHome home = new TestHome();

  @Test
  void a_partner_is_added_once() {
    assertThat(home.run("partner", "add", "acme"))
        .isEqualTo(new Ran(ExitCode.DONE, "Partner acme added.\n", ""));
    assertThat(home.run("partner", "add", "acme").out())
        .isEqualTo("Partner acme already exists.\n");
    assertThat(home.run("partner", "add", "acme", "--json").out())
        .isEqualTo("{\"partner\":\"acme\",\"added\":false}\n");
    assertThat(home.database().number("SELECT count(*) FROM partner")).isEqualTo(1);
  }

  @Test
  void a_name_that_the_table_would_refuse_is_a_usage_error() {
    for (var name : List.of("Acme", "a_b", "", "a b", "a".repeat(64))) {
      var ran = home.run("partner", "add", name);
      assertThat(ran.exitCode()).as(name).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err()).startsWith("A partner's name has");
    }
    assertThat(home.database().number("SELECT count(*) FROM partner")).isZero();
  }

  @Test
  void a_token_is_for_the_partners_client_and_ends_in_time() {
    home.folder().withIssuer();
    home.rows().partner("acme");
    var ran = home.run("token", "--partner", "acme", "--life", "90s");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
    var claims =
        Json.mapper().readTree(Base64.getUrlDecoder().decode(ran.out().strip().split("\\.")[1]));
    assertThat(claims.path("client_id").asString()).isEqualTo("acme");
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(90);
    assertThat(home.run("token", "--partner", "acme", "--json").json().has("token")).isTrue();
  }

  @Test
  void no_token_is_made_for_an_unknown_or_a_disabled_partner() throws Exception {
    home.rows().partner("acme");
    try (var owner = home.database().owner().getConnection();
        var statement = owner.createStatement()) {
      statement.execute("UPDATE partner SET disabled_at = coupon_clock()");
    }
    var disabled = home.run("token", "--partner", "acme");
    assertThat(disabled).isEqualTo(new Ran(ExitCode.REFUSED, "", "Partner 'acme' is disabled.\n"));
    var unknown = home.run("token", "--partner", "nobody");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(unknown.err()).contains("./coupons partner add nobody");
  }

  @Test
  void a_database_that_does_not_answer_is_unreachable() {
    home.folder().with("database", "postgresql://postgres:test@127.0.0.1:9");
    var ran = home.run("jobs", "list");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.err()).hasLineCount(1).contains("./coupons up").doesNotContain("test@");
  }
}
