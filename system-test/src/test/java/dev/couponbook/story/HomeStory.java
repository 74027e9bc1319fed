package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;

/** An operator looks after a home with {@code ./coupons}. */
class HomeStory {
  private static Answer get(Home home, String path) {
    return Answer.of(HttpRequest.newBuilder(URI.create(home.edge() + path)).build());
  }

  @Test
  void up_leaves_running_programs_alone_and_status_agrees(Home home) {
    var pids = Home.PROGRAMS.stream().map(home::pid).toList();

    var again = home.up();
    var status = Answer.parse(home.coupons("status", "--json").succeeds().lastLine());

    assertThat(again.path("ready").asBoolean()).isTrue();
    assertThat(again.path("edge").asString()).startsWith("http://127.0.0.1:");
    assertThat(again.path("issuer").path("jwks").asString()).startsWith("http://");
    assertThat(again.path("programs").propertyNames())
        .containsExactlyInAnyOrderElementsOf(Home.PROGRAMS);
    assertThat(Home.PROGRAMS.stream().map(home::pid)).isEqualTo(pids);
    assertThat(status.path("programs")).isEqualTo(again.path("programs"));
    assertThat(status.path("ready").asBoolean()).isTrue();
    assertThat(status.at("/disk/freeMegabytes").asLong()).isPositive();
  }

  @Test
  void a_partner_is_added_once_and_works_with_its_token(Home home) {
    home.coupons("partner", "add", "acme").succeeds();
    home.coupons("partner", "add", "acme").succeeds();
    var printed = home.coupons("token", "--partner", "acme").succeeds();

    assertThat(printed.out().strip()).matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    var acme = new Partner(home.edge(), "acme", printed.out().strip());
    assertThat(acme.get("/coupons/" + acme.book()).is(200).text("bookName")).isEqualTo("A book");
  }

  @Test
  void the_edge_reports_that_it_is_live_and_ready(Home home) {
    assertThat(get(home, "/health/liveness").is(200).text("status")).isEqualTo("up");
    var readiness = get(home, "/health/readiness").is(200);
    assertThat(readiness.text("status")).isEqualTo("ready");
    assertThat(readiness.get("missing")).isEmpty();
  }

  @Test
  void every_get_has_a_head_and_other_methods_are_named(Partner partner) {
    var book = partner.book();
    var path = "/coupons/" + book;

    var head = partner.send("HEAD", path, "").is(200);
    var unknown = partner.get("/nowhere").isProblem(404);
    var wrong = partner.send("DELETE", path, "").isProblem(405);

    assertThat(head.text()).isEmpty();
    assertThat(head.header("Content-Type")).startsWith("application/json");
    assertThat(unknown.header("Content-Type")).startsWith("application/problem+json");
    assertThat(wrong.header("Allow")).contains("GET");
  }
}
