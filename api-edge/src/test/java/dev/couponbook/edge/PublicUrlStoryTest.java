package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.edge.route.PublicBase;
import dev.couponbook.program.Environment;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An edge that partners reach under a path: every address that it gives out can be followed. */
class PublicUrlStoryTest {
  private static final String NAME = "COUPON_EDGE_PUBLIC_URL";
  private static final String PUBLIC = "https://api.example.com/prod/v1";
  private static final RunningEdge RUNNING = new RunningEdge(Map.of(NAME, PUBLIC + "/"));
  private final Client acme = RUNNING.acme();

  @AfterAll
  static void end() {
    RUNNING.close();
    // The clients that are made from now on shall find the queues of the shared edge again.
    RunningEdge.shared().surroundings.sdkSettings().forEach(System::setProperty);
  }

  @Test
  void every_address_begins_with_the_public_one_and_leads_back() {
    var book = "{\"bookId\":\"" + RunningEdge.BOOK + "\"";
    var kept = acme.post("/coupons/assign", book + ",\"email\":\"ann@example.com\"}");
    var request = String.valueOf(kept.header("Location"));
    assertThat(request).isEqualTo(PUBLIC + "/requests/" + kept.at("/requestId"));
    assertThat(followed(request).status()).isEqualTo(200);

    var upload = book + ",\"fileName\":\"a.csv\",\"contentLength\":9}";
    var planned = acme.post("/coupons/codes/uploads", upload);
    var state = String.valueOf(planned.header("Location"));
    assertThat(state).startsWith(PUBLIC + "/coupons/codes/uploads/");
    assertThat(followed(state).at("/state")).isEqualTo("awaiting_file");
    RUNNING.surroundings.sql(
        """
        INSERT INTO code_load (public_id, partner_id, book_id, kind, state, started_at,
                               rejects_key, summary_key)
        VALUES ('%s', 1, 1, 'import', 'completed_with_rejects', coupon_clock(), 'r', 's')
        """
            .formatted(planned.at("/uploadId").substring(0, 36)));
    for (var link : new String[] {"rejects", "summary"}) {
      var address = followed(state).at("/links/" + link);
      assertThat(address).isEqualTo(state + "/" + link);
      assertThat(followed(address).status()).isEqualTo(303);
    }
  }

  @Test
  void new_book_is_at_its_public_address() {
    RUNNING.surroundings.take("coupon-commands");
    var waiting =
        CompletableFuture.supplyAsync(
            () -> acme.post("/coupons", "{\"bookName\":\"B\"}", "Prefer", "wait=10"));
    var message = RUNNING.surroundings.awaitMessage("coupon-commands");
    RUNNING.answer(
        message.requestId().value(),
        1,
        message.fingerprint().hex(),
        201,
        "{\"bookId\": \"" + RunningEdge.BOOK + "\"}");
    var book = String.valueOf(waiting.join().header("Content-Location"));
    assertThat(followed(book).at("/bookId")).isEqualTo(RunningEdge.BOOK);
    assertThat(followed(String.valueOf(waiting.join().header("Location"))).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "/coupons,200",
    "/prod/v1/coupons,200",
    "/prod/v1/coupons?limit=1,200",
    "/prod/v1/health/liveness,200",
    "/prod/v1,302",
    "/prod/v1/,302",
    "/prod/v10/coupons,404",
    "/prod/coupons,404",
    "/prod/v1/prod/v1/coupons,404"
  })
  void requests_come_with_the_public_path_or_without_it(String path, int status) {
    assertThat(acme.get(path).status()).isEqualTo(status);
  }

  @Test
  void description_and_page_know_where_they_are() {
    var served = acme.get("/prod/v1/openapi.yaml").response().body();
    assertThat(served)
        .contains("\nservers:\n  - url: " + PUBLIC + "\n")
        .isEqualTo(
            Description.text()
                .replace("servers:\n  - url: /\n", "servers:\n  - url: " + PUBLIC + "\n"));
    assertThat(acme.get("/").header("Location")).isEqualTo(PUBLIC + "/docs");
    assertThat(acme.get("/prod/v1/docs").response().body()).contains("src=\"docs/docs.js\"");
    assertThat(acme.get("/prod/v1/docs/docs.js").response().body()).contains("url: 'openapi.yaml'");
  }

  @ParameterizedTest
  @CsvSource({
    "/prod,/prod,/prod",
    "/prod/,/prod,/prod",
    "/,'',''",
    "https://api.example.com,https://api.example.com,''",
    "https://api.example.com/,https://api.example.com,''",
    "http://10.0.0.1:8080/a/b/,http://10.0.0.1:8080/a/b,/a/b"
  })
  void setting_is_an_address_or_a_path(String text, String address, String path) {
    assertThat(PublicBase.from(new Environment(Map.of(NAME, text))))
        .isEqualTo(new PublicBase(address, path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prod",
        "api.example.com",
        "ftp://api.example.com",
        "https://",
        "https://api.example.com/?a",
        "https://api.example.com/#a",
        "https://me@api.example.com",
        "//api.example.com",
        "/a b",
        "/a//b",
        "/a%20b"
      })
  void anything_else_stops_the_start(String text) {
    assertThatThrownBy(() -> PublicBase.from(new Environment(Map.of(NAME, text))))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessageStartingWith(NAME + " must ");
  }

  /** What the address leads to, by a proxy that passes the path on. */
  private Client.Answer followed(String address) {
    assertThat(address).startsWith(PUBLIC);
    return acme.get(address.replace("https://api.example.com", ""));
  }
}
