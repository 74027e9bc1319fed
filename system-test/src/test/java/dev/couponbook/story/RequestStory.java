package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A command that was accepted can be polled at once, waited for, and sent again without harm. */
class RequestStory {
  private static String key() {
    return "key-" + UUID.randomUUID();
  }

  @Test
  void a_request_can_be_polled_from_its_answer_to_its_outcome(Partner partner) {
    var kept = partner.send("POST", "/coupons", json("bookName", "Polled")).is(202);

    assertThat(kept.text("status")).isEqualTo("queued");
    assertThat(kept.header("Location")).isEqualTo("/requests/" + kept.text("requestId"));
    assertThat(Integer.parseInt(kept.header("Retry-After"))).isPositive();
    assertThat(kept.header("Preference-Applied")).isEmpty();
    var atOnce = partner.get(kept.header("Location")).is(200);
    assertThat(atOnce.text("requestId")).isEqualTo(kept.text("requestId"));
    assertThat(atOnce.text("status")).isIn("queued", "running", "succeeded");

    var outcome = partner.outcome(kept).is(201);

    assertThat(partner.get(kept.header("Location")).text("status")).isEqualTo("succeeded");
    partner.get("/coupons/" + outcome.text("bookId")).is(200);
  }

  @Test
  void a_refused_request_has_failed_and_says_why(Partner partner) {
    var location =
        partner.submit(
            "/coupons/assign",
            json("bookId", UUID.randomUUID().toString(), "email", "a@example.com"));

    partner.outcome(location).refused(400, "Book not found");

    var state = partner.get(location).is(200);
    assertThat(state.text("status")).isEqualTo("failed");
    assertThat(state.get("outcome").path("body").path("code").asString())
        .isEqualTo("book_not_found");
  }

  @Test
  void a_client_that_prefers_to_wait_is_answered_with_the_outcome_itself(Partner partner) {
    var created =
        partner.send("POST", "/coupons", json("bookName", "Awaited"), "Prefer", "wait=25");
    var refused =
        partner.send(
            "POST",
            "/coupons/assign",
            json("bookId", UUID.randomUUID().toString(), "email", "a@example.com"),
            "Prefer",
            "respond-async, wait=99999");

    created.is(201);
    assertThat(created.header("Preference-Applied")).contains("wait");
    assertThat(created.header("Content-Type")).startsWith("application/json");
    refused.refused(400, "Book not found");
    assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
    for (var odd : List.of("wait", "wait=", "wait=-1", "wait=soon", "handling=lenient")) {
      assertThat(partner.send("POST", "/coupons", json("bookName", "Odd"), "Prefer", odd).status())
          .as("Prefer: %s", odd)
          .isIn(201, 202);
    }
  }

  @Test
  void a_request_that_was_never_made_is_not_found(Partner partner) {
    var id = partner.submit("/coupons", json("bookName", "Mine"));
    var last = id.charAt(id.length() - 1);
    var forged = id.substring(0, id.length() - 1) + (last == '0' ? '1' : '0');

    partner.get(forged).refused(404, "Not Found");
    partner.get("/requests/" + UUID.randomUUID()).refused(404, "Not Found");
    partner.get("/requests/no-id").refused(404, "Not Found");
    partner.get("/requests/no-id/codes").isProblem(404);
    partner.outcome(id).is(201);
  }

  @Test
  void the_same_key_and_body_are_one_request(Partner partner) {
    var book = partner.bookOf(Partner.codes("KEY-", 10));
    var body = json("bookId", book, "email", "ann@example.com");
    var key = key();

    var first = partner.submit("/coupons/assign", body, "Idempotency-Key", key);
    var again = partner.submit("/coupons/assign", body, "Idempotency-Key", "\"" + key + "\"");
    var outcome = partner.outcome(first).is(200);
    var reordered = json("email", "ann@example.com", "bookId", book);
    var late = partner.send("POST", "/coupons/assign", reordered, "Idempotency-Key", key).is(202);
    var awaited =
        partner
            .send("POST", "/coupons/assign", body, "Idempotency-Key", key, "Prefer", "wait=20")
            .is(200);

    assertThat(again).isEqualTo(first);
    assertThat(late.header("Location")).isEqualTo(first);
    assertThat(late.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(awaited.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(awaited.body()).isEqualTo(outcome.body());
    assertThat(partner.count(book, "assigned")).isEqualTo(1);
  }

  @Test
  void a_refusal_is_replayed_like_any_other_answer(Partner partner) {
    var book = partner.book();
    var body = json("bookId", book, "email", "ann@example.com");
    var key = key();
    partner.outcome(partner.submit("/coupons/assign", body, "Idempotency-Key", key)).isProblem(400);
    partner.add(book, List.of("TOO-LATE"));

    var again =
        partner.send("POST", "/coupons/assign", body, "Idempotency-Key", key, "Prefer", "wait=20");

    again.refused(400, "No available codes left in the book.");
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
  }

  @Test
  void the_same_key_with_another_body_or_route_is_refused(Partner partner) {
    var book = partner.bookOf(Partner.codes("SAME-", 3));
    var key = key();
    var body = json("bookId", book, "email", "ann@example.com");
    var first = partner.submit("/coupons/assign", body, "Idempotency-Key", key);

    var other = json("bookId", book, "email", "bob@example.com");
    partner.send("POST", "/coupons/assign", other, "Idempotency-Key", key).isProblem(422);
    partner.outcome(first).is(200);
    partner.send("POST", "/coupons/assign", other, "Idempotency-Key", key).isProblem(422);
    partner.send("POST", "/coupons/assign/SAME-1", body, "Idempotency-Key", key).isProblem(422);
    partner.send("POST", "/coupons", json("bookName", "No"), "Idempotency-Key", key).isProblem(422);

    assertThat(partner.count(book, "assigned")).isEqualTo(1);
  }

  @Test
  void a_key_belongs_to_one_partner_and_is_not_used_up_by_a_bad_request(
      Partner partner, Home home) {
    var key = key();
    partner.send("POST", "/coupons", json("name", "?"), "Idempotency-Key", key).isProblem(400);

    var mine = partner.submit("/coupons", json("bookName", "Mine"), "Idempotency-Key", key);
    var neighbour = home.partner("neighbour");
    var theirs = neighbour.submit("/coupons", json("bookName", "Theirs"), "Idempotency-Key", key);

    assertThat(mine).isNotEqualTo(theirs);
    assertThat(partner.outcome(mine).is(201).text("bookId"))
        .isNotEqualTo(neighbour.outcome(theirs).is(201).text("bookId"));
  }

  @Test
  void an_upload_with_the_same_key_is_the_same_upload(Partner partner) {
    var book = partner.book();
    var body = json("bookId", book, "fileName", "a.csv", "contentLength", 7);
    var key = key();

    var first =
        partner.send("POST", "/coupons/codes/uploads", body, "Idempotency-Key", key).is(201);
    var again =
        partner.send("POST", "/coupons/codes/uploads", body, "Idempotency-Key", key).is(201);

    assertThat(again.text("uploadId")).isEqualTo(first.text("uploadId"));
    var longer = json("bookId", book, "fileName", "a.csv", "contentLength", 8);
    partner.send("POST", "/coupons/codes/uploads", longer, "Idempotency-Key", key).isProblem(422);
  }
}
