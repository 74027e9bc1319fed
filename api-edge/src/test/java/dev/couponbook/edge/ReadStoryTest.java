package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadStoryTest {
  private static final RunningEdge RUNNING = RunningEdge.shared();
  private final Client acme = RUNNING.acme();

  @BeforeAll
  static void some_codes() {
    RUNNING.surroundings.sql(
        """
        INSERT INTO code_load (public_id, partner_id, book_id, kind, state)
        VALUES (gen_random_uuid(), 1, 1, 'request', 'completed');
        INSERT INTO coupon (partner_id, book_id, load_id, pick, code)
        SELECT 1, 1, currval('code_load_id_seq'), n, 'READ-' || n FROM generate_series(1, 3) n;
        INSERT INTO coupon_holder (book_id, holder, held) VALUES (1, 'ann@example.com', 2);
        UPDATE coupon SET state = 'assigned', holder = 'ann@example.com', assigned_at = coupon_clock()
        WHERE code IN ('READ-1', 'READ-2');
        INSERT INTO coupon_lock (partner_id, code, book_id, holder, token, locked_until)
        VALUES (1, 'READ-1', 1, 'ann@example.com', 't', coupon_clock() + interval '1 hour'),
               (1, 'READ-2', 1, 'ann@example.com', 't', coupon_clock() - interval '1 second');
        INSERT INTO coupon_book_delta (partner_id, book_id, free, assigned) VALUES (1, 1, 3, 0), (1, 1, -2, 2)
        """);
  }

  @Test
  void a_book_comes_with_its_terms_and_its_counts() {
    var book = acme.get("/coupons/" + RunningEdge.BOOK);
    assertThat(book.status()).isEqualTo(200);
    assertThat(book.at("/bookName")).isEqualTo("Summer");
    assertThat(book.response().body()).contains("\"metadata\":{\"n\": 1.10}");
    assertThat(book.json().at("/counts").toString())
        .isEqualTo(
            "{\"total\":3,\"free\":1,\"assigned\":2,\"locked\":1,\"redeemed\":0,\"void\":0,\"voided\":0,\"blocked\":0}");
  }

  @Test
  void the_codes_of_a_user_come_under_both_paths_whatever_the_case_of_the_address() {
    for (var path : new String[] {"/coupons/", "/coupon/"}) {
      var codes = acme.get(path + RunningEdge.BOOK + "?email=%20Ann%40Example.com");
      assertThat(codes.status()).as("%s", codes).isEqualTo(200);
      assertThat(codes.json().at("/codes")).hasSize(2);
      assertThat(codes.at("/codes/0/code")).isEqualTo("READ-1");
      assertThat(codes.at("/codes/0/lockedUntil")).endsWith("Z");
      assertThat(codes.json().at("/codes/1").has("lockedUntil")).isFalse();
    }
  }

  @Test
  void a_code_comes_with_its_state_and_its_history_newest_first() {
    RUNNING.surroundings.sql(
        """
        INSERT INTO coupon_audit (partner_id, book_id, code, event, holder, request_id)
        VALUES (1, 1, 'READ-1', 'assigned', 'ann@example.com', '0198c0de-0000-7000-8000-0000000000a1'),
               (1, 1, 'READ-1', 'locked', 'ann@example.com', '0198c0de-0000-7000-8000-0000000000a2'),
               (2, 2, 'READ-1', 'redeemed', 'eve@example.com', '0198c0de-0000-7000-8000-0000000000a3')
        """);
    RUNNING.answer(
        UUID.fromString("0198c0de-0000-7000-8000-0000000000a1"), 1, "00".repeat(32), 200, "{}");
    var code = acme.get("/coupons/" + RunningEdge.BOOK + "/codes/READ-1");
    assertThat(code.status()).as("%s", code).isEqualTo(200);
    assertThat(code.at("/state")).isEqualTo("assigned");
    assertThat(code.at("/email")).isEqualTo("ann@example.com");
    assertThat(code.at("/lockedUntil")).endsWith("Z");
    assertThat(code.json().at("/history")).hasSize(2);
    assertThat(code.at("/history/0/event")).isEqualTo("locked");
    var request = code.at("/history/1/requestId");
    assertThat(request).startsWith("0198c0de-0000-7000-8000-0000000000a1-");
    assertThat(acme.get("/requests/" + request).status()).as("can be asked about").isEqualTo(200);
    var free = acme.get("/coupons/" + RunningEdge.BOOK + "/codes/READ-3");
    assertThat(free.at("/state")).isEqualTo("free");
    assertThat(free.json().has("email")).isFalse();
    assertThat(free.json().at("/history")).isEmpty();
  }

  @Test
  void a_code_that_is_absent_foreign_or_in_another_book_has_one_answer() {
    var absent = acme.get("/coupons/" + RunningEdge.BOOK + "/codes/NONE");
    assertThat(absent.status()).isEqualTo(404);
    for (var path :
        new String[] {
          "/coupons/" + RunningEdge.EMPTY_BOOK + "/codes/READ-1",
          "/coupons/" + RunningEdge.FOREIGN_BOOK + "/codes/READ-1",
          "/coupons/x/codes/READ-1",
          "/coupons/" + RunningEdge.BOOK + "/codes/" + "X".repeat(65)
        }) {
      assertThat(acme.get(path).response().body()).isEqualTo(absent.response().body());
    }
    assertThat(
            RUNNING.other().get("/coupons/" + RunningEdge.BOOK + "/codes/READ-1").response().body())
        .isEqualTo(absent.response().body());
  }

  @Test
  void absent_foreign_and_impossible_books_have_one_answer() {
    var absent = acme.get("/coupons/0198c0de-0000-7000-8000-00000000ffff");
    assertThat(absent.status()).isEqualTo(404);
    assertThat(absent.at("/error")).isEqualTo("Not Found");
    for (var path :
        new String[] {
          "/coupons/" + RunningEdge.FOREIGN_BOOK,
          "/coupons/x",
          "/coupons/" + RunningEdge.FOREIGN_BOOK + "?email=ann@example.com",
          "/coupon/" + RunningEdge.BOOK + "?email=bob@example.com",
          "/coupon/" + RunningEdge.FOREIGN_BOOK + "?email=ann@example.com"
        }) {
      assertThat(acme.get(path).response().body()).isEqualTo(absent.response().body());
    }
  }

  @Test
  void books_come_page_by_page() {
    var first = acme.get("/coupons?limit=1");
    assertThat(first.json().at("/books")).hasSize(1);
    assertThat(first.at("/books/0/bookId")).isEqualTo(RunningEdge.BOOK);
    var second = acme.get("/coupons?limit=1&cursor=" + first.at("/next"));
    assertThat(second.status()).as("%s %s", first, second).isEqualTo(200);
    assertThat(second.at("/books/0/bookId")).isEqualTo(RunningEdge.EMPTY_BOOK);
    assertThat(second.json().has("next")).isFalse();
    assertThat(RUNNING.other().get("/coupons").json().at("/books")).hasSize(1);
  }

  @Test
  void a_cursor_that_no_page_had_leads_nowhere() {
    for (var cursor : new String[] {RunningEdge.FOREIGN_BOOK, UUID.randomUUID().toString()}) {
      assertThat(acme.get("/coupons?cursor=" + cursor).status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/coupons?limit=0,limit",
    "/coupons?limit=-1,limit",
    "/coupons?limit=201,limit",
    "/coupons?limit=x,limit",
    "/coupons?limit=99999999999,limit",
    "/coupons?cursor=x,cursor",
    "/coupons?limit=,limit",
    "/coupons?cursor=,cursor",
    "/coupons/" + RunningEdge.BOOK + "?cursor=41,email",
    "/coupon/" + RunningEdge.BOOK + "?email=a@b&cursor=20,cursor",
    "/coupon/" + RunningEdge.BOOK + ",email",
    "/coupon/" + RunningEdge.BOOK + "?email=x,email",
    "/coupons/" + RunningEdge.BOOK + "?email=,email",
    "/coupon/" + RunningEdge.BOOK + "?email=a@b&cursor=%21,cursor"
  })
  void a_wrong_parameter_is_named(String path, String field) {
    var answer = acme.get(path);
    assertThat(answer.status()).as("%s", answer).isEqualTo(400);
    assertThat(answer.at("/field")).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/coupons",
        "/coupons/" + RunningEdge.BOOK,
        "/health/liveness",
        "/openapi.yaml",
        "/docs",
        "/coupons/x"
      })
  void head_answers_as_get_without_the_body(String path) {
    var get = acme.get(path);
    var head = acme.send("HEAD", path, null);
    assertThat(head.status()).isEqualTo(get.status());
    assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
    assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
    assertThat(head.response().body()).isEmpty();
  }
}
