package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.NewValue;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.coupon.RedemptionId;
import dev.couponbook.edge.Client.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A command's way through the edge, from the body to the message and from the row to the answer.
 */
class CommandStoryTest {
  private static final String ASSIGN =
      "{\"bookId\":\"" + RunningEdge.BOOK + "\",\"email\":\"Ann@example.com\"}";
  private static final String HOLDER = "{\"email\":\"ann@example.com\",\"lockToken\":\"t-1\"}";
  private static final Email ANN = new Email("ann@example.com");
  private static final CouponCode CODE = new CouponCode("A+B/c%d");
  private static final LockToken TOKEN = new LockToken("t-1");

  private final RunningEdge running = RunningEdge.shared();
  private final Client acme = running.acme();

  @AfterEach
  void empty_the_queues() {
    running.surroundings.take("coupon-commands");
    running.surroundings.take("coupon-loads");
  }

  @Test
  void a_command_is_kept_and_its_message_says_what_was_asked() {
    var answer = acme.post("/coupons/assign", ASSIGN);
    assertThat(answer.status()).as("%s", answer).isEqualTo(202);
    assertThat(answer.at("/status")).isEqualTo("queued");
    assertThat(answer.header("Location")).isEqualTo("/requests/" + answer.at("/requestId"));
    assertThat(answer.header("Retry-After")).isEqualTo("1");

    var message = onlyMessage("coupon-commands");
    assertThat(message.command()).isEqualTo(new AssignAny(BookId.parse(RunningEdge.BOOK), ANN));
    assertThat(message.partner().value()).isEqualTo(1);
    assertThat(answer.at("/requestId")).startsWith(message.requestId() + "-");
  }

  @Test
  void each_route_makes_its_own_command() {
    var book = BookId.parse(RunningEdge.BOOK);
    var code = "A+B%2Fc%25d";
    assertThat(command("/coupons/assign/" + code, ASSIGN))
        .isEqualTo(new AssignCode(book, CODE, ANN));
    assertThat(command("/coupons/lock/" + code, HOLDER)).isEqualTo(new LockCode(CODE, ANN, TOKEN));
    assertThat(command("/coupons/unlock/" + code, HOLDER))
        .isEqualTo(new UnlockCode(CODE, ANN, TOKEN));
    assertThat(command("/coupons/redeem/" + code, HOLDER))
        .isEqualTo(new RedeemCode(CODE, ANN, TOKEN));
    var redemption = UUID.randomUUID();
    assertThat(command("/coupons/redemptions/" + redemption + "/reverse", "{\"reason\":\"torn\"}"))
        .isEqualTo(new ReverseRedemption(new RedemptionId(redemption), "torn"));
    assertThat(command("/coupons/codes", codes("\"manual\":[{\"code\":\"X\"}]")))
        .isEqualTo(
            new AddCodes(book, null, List.of(new AddCodes.ManualCode(new CouponCode("X"), null))));
    var created =
        (CreateBook) command("/coupons", "{\"bookName\":\"Été\",\"metadata\":{\"n\":1.10}}");
    assertThat(created.bookName()).isEqualTo("Été");
    assertThat(created.terms().lockSeconds()).isEqualTo(600);
    assertThat(created.terms().maxRedeemsPerUser()).isEqualTo(1);
    assertThat(created.metadata()).hasToString("{\"n\":1.10}");
  }

  @Test
  void a_book_is_paused_resumed_and_closed_with_a_reason_or_without() {
    var book = BookId.parse(RunningEdge.BOOK);
    var path = "/coupons/" + RunningEdge.BOOK;
    assertThat(command(path + "/pause", "{\"reason\":\"wrong codes\"}"))
        .isEqualTo(new SetBookState(book, BookState.PAUSED, "wrong codes"));
    assertThat(command(path + "/resume", "{}"))
        .isEqualTo(new SetBookState(book, BookState.OPEN, null));
    assertThat(acme.send("POST", path + "/close", null).status()).isEqualTo(202);
    assertThat(onlyMessage("coupon-commands").command())
        .isEqualTo(new SetBookState(book, BookState.CLOSED, null));
    var tooLong = acme.post(path + "/close", "{\"reason\":\"" + "a".repeat(501) + "\"}");
    assertThat(tooLong.at("/field")).isEqualTo("reason");
  }

  @Test
  void a_code_is_made_void_with_force_unless_it_is_said_otherwise() {
    var book = BookId.parse(RunningEdge.BOOK);
    var path = "/coupons/void/A+B%2Fc%25d";
    assertThat(command(path, "{}")).isEqualTo(new VoidCode(CODE, null, null, true, false));
    assertThat(command(path, "{\"bookId\":\"" + book + "\",\"reason\":\"stolen\",\"force\":false}"))
        .isEqualTo(new VoidCode(CODE, book, "stolen", false, false));
    assertThat(command(path, "{\"undo\":true}"))
        .isEqualTo(new VoidCode(CODE, null, null, true, true));
    assertThat(acme.send("POST", path, null).status()).as("without a body").isEqualTo(202);
    var both = acme.post(path, "{\"undo\":true,\"force\":false}");
    assertThat(both.status()).isEqualTo(400);
    assertThat(both.at("/field")).isEqualTo("force");
  }

  @Test
  void a_code_is_taken_back_or_replaced_for_a_reason() {
    var book = BookId.parse(RunningEdge.BOOK);
    var code = "A+B%2Fc%25d";
    var why = "{\"email\":\"ann@example.com\",\"reason\":\"torn\"";
    assertThat(command("/coupons/unassign/" + code, why + "}"))
        .isEqualTo(new UnassignCode(CODE, ANN, "torn", false));
    assertThat(command("/coupons/unassign/" + code, why + ",\"toPool\":true}"))
        .isEqualTo(new UnassignCode(CODE, ANN, "torn", true));
    assertThat(command("/coupons/replace/" + code, why + ",\"bookId\":\"" + book + "\"}"))
        .isEqualTo(new ReplaceCode(CODE, book, ANN, "torn"));
    for (var reason : List.of("", " ", "a".repeat(201))) {
      var refused =
          acme.post(
              "/coupons/unassign/X",
              "{\"email\":\"ann@example.com\",\"reason\":\"" + reason + "\"}");
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.at("/field")).isEqualTo("reason");
    }
    assertThat(acme.post("/coupons/unassign/X", "{\"email\":\"ann@example.com\"}").at("/code"))
        .isEqualTo("missing");
  }

  @Test
  void a_change_tells_null_from_absent() {
    var book = BookId.parse(RunningEdge.BOOK);
    var path = "/coupons/" + RunningEdge.BOOK + "/change";
    var end = Instant.parse("2036-12-31T23:59:59Z");
    assertThat(
            command(
                path,
                "{\"bookName\":\"Été\",\"expiresAt\":\"2036-12-31T23:59:59Z\",\"ifVersion\":3}"))
        .isEqualTo(
            new ChangeBook(
                book, 3, "Été", null, null, null, new NewValue<>(end), null, null, null));
    assertThat(
            command(
                path,
                "{\"startsAt\":null,\"expiresAt\":null,\"maxCodesPerUser\":null,\"metadata\":null}"))
        .isEqualTo(
            new ChangeBook(
                book,
                null,
                null,
                0,
                null,
                new NewValue<>(null),
                new NewValue<>(null),
                null,
                new NewValue<>(null),
                null));
  }

  @Test
  void a_change_that_cannot_be_meant_names_the_member() {
    var path = "/coupons/" + RunningEdge.BOOK + "/change";
    for (var wrong :
        Map.of(
                "{}", "bookName",
                "{\"ifVersion\":1}", "bookName",
                "{\"bookName\":null}", "bookName",
                "{\"lockSeconds\":null}", "lockSeconds",
                "{\"lockSeconds\":\"7\"}", "lockSeconds",
                "{\"maxCodesPerUser\":-1}", "maxCodesPerUser",
                "{\"expiresAt\":\"2020-01-01T00:00:00Z\"}", "expiresAt",
                "{\"startsAt\":\"2031-01-01T00:00:00Z\",\"expiresAt\":\"2030-01-01T00:00:00Z\"}",
                    "expiresAt",
                "{\"metadata\":[]}", "metadata",
                "{\"bookName\":\"A\",\"ifVersion\":0}", "ifVersion")
            .entrySet()) {
      var answer = acme.post(path, wrong.getKey());
      assertThat(answer.status()).as("%s", wrong).isEqualTo(400);
      assertThat(answer.at("/field")).as("%s", wrong).isEqualTo(wrong.getValue());
    }
  }

  @Test
  void a_code_may_have_the_name_of_something_that_is_done_to_books() {
    assertThat(command("/coupons/lock/change", HOLDER))
        .isEqualTo(new LockCode(new CouponCode("change"), ANN, TOKEN));
    assertThat(command("/coupons/redeem/close", HOLDER))
        .isEqualTo(new RedeemCode(new CouponCode("close"), ANN, TOKEN));
    assertThat(acme.post("/coupons/no-id/change", "{\"bookName\":\"A\"}").status()).isEqualTo(404);
  }

  @Test
  void a_reversal_needs_no_body() {
    var answer = acme.send("POST", "/coupons/redemptions/" + UUID.randomUUID() + "/reverse", null);
    assertThat(answer.status()).isEqualTo(202);
  }

  @Test
  void many_codes_go_to_the_queue_of_jobs() {
    assertThat(acme.post("/coupons/codes", codes("\"generated\":{\"amount\":1001}")).status())
        .isEqualTo(202);
    assertThat(running.surroundings.take("coupon-commands")).isEmpty();
    var command = (AddCodes) onlyMessage("coupon-loads").command();
    assertThat(command.isJob()).isTrue();
  }

  @Test
  void a_caller_who_prefers_to_wait_gets_the_outcome_itself() {
    var waiting =
        CompletableFuture.supplyAsync(
            () -> acme.post("/coupons/assign", ASSIGN, "Prefer", "wait=10"));
    var message = awaitMessage();
    running.answer(message, 200, "{\"assigned\": true, \"code\": \"XYZ\"}");
    var answer = waiting.join();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.response().body()).isEqualTo("{\"assigned\": true, \"code\": \"XYZ\"}");
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Preference-Applied")).isEqualTo("wait");
    assertThat(answer.header("Location")).startsWith("/requests/" + message.requestId());
  }

  @Test
  void a_new_book_says_where_it_is() {
    var waiting =
        CompletableFuture.supplyAsync(
            () -> acme.post("/coupons", "{\"bookName\": \"Spring\"}", "Prefer", "wait=10"));
    var message = awaitMessage();
    running.answer(message, 201, "{\"bookId\": \"" + message.requestId() + "\"}");
    assertThat(waiting.join().header("Content-Location"))
        .isEqualTo("/coupons/" + message.requestId());
  }

  @Test
  void a_refusal_is_a_problem_also_for_those_who_waited() {
    var waiting =
        CompletableFuture.supplyAsync(
            () -> acme.post("/coupons/assign", ASSIGN, "Prefer", "wait=10"));
    running.answer(
        awaitMessage(),
        400,
        "{\"status\":400,\"code\":\"book_not_found\",\"error\":\"Book not found\"}");
    var answer = waiting.join();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.at("/error")).isEqualTo("Book not found");
  }

  @Test
  void an_outcome_that_does_not_come_in_time_is_asked_for_later() {
    var answer = acme.post("/coupons/assign", ASSIGN, "Prefer", "wait=1");
    assertThat(answer.status()).isEqualTo(202);
    var path = "/requests/" + answer.at("/requestId");
    assertThat(acme.get(path).at("/status")).isEqualTo("queued");
    assertThat(acme.get(path).header("Retry-After")).isEqualTo("1");

    running.answer(onlyMessage("coupon-commands"), 200, "{\"assigned\":true,\"code\":\"XYZ\"}");
    var request = acme.get(path);
    assertThat(request.status()).isEqualTo(200);
    assertThat(request.at("/status")).isEqualTo("succeeded");
    assertThat(request.json().at("/outcome/status").asInt()).isEqualTo(200);
    assertThat(request.at("/outcome/body/code")).isEqualTo("XYZ");
  }

  @Test
  void a_caller_who_has_the_answer_learns_that_nothing_has_changed() {
    var path = "/requests/" + acme.post("/coupons/assign", ASSIGN).at("/requestId");
    var first = acme.get(path);
    var tag = String.valueOf(first.header("ETag"));
    assertThat(tag).matches("\"[A-Za-z0-9_-]{16}\"");
    for (var known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
      var same = acme.get(path, "If-None-Match", known);
      assertThat(same.status()).as("%s", same).isEqualTo(304);
      assertThat(same.header("ETag")).isEqualTo(tag);
      assertThat(same.header("Retry-After")).isEqualTo("1");
      assertThat(same.response().body()).isEmpty();
    }
    assertThat(acme.send("HEAD", path, null, "If-None-Match", tag).status()).isEqualTo(304);
    assertThat(acme.get(path, "If-None-Match", "\"x\"").status()).isEqualTo(200);

    running.answer(onlyMessage("coupon-commands"), 200, "{\"assigned\":true}");
    var done = acme.get(path, "If-None-Match", tag);
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.header("ETag")).isNotEqualTo(tag);
    assertThat(done.header("Retry-After")).isNull();
  }

  @Test
  void a_request_is_hidden_from_other_partners() {
    var path = "/requests/" + acme.post("/coupons/assign", ASSIGN).at("/requestId");
    assertThat(acme.get(path).status()).isEqualTo(200);
    var foreign = running.other().get(path);
    var absent = running.other().get("/requests/" + UUID.randomUUID() + "-0123456789abcdef");
    assertThat(foreign.status()).isEqualTo(404);
    assertThat(foreign.response().body()).isEqualTo(absent.response().body());
  }

  @Test
  void waiting_requests_of_two_partners_get_their_own_outcomes() {
    var first =
        CompletableFuture.supplyAsync(
            () -> acme.post("/coupons/assign", ASSIGN, "Prefer", "wait=10"));
    var second =
        CompletableFuture.supplyAsync(
            () -> running.other().post("/coupons/assign", ASSIGN, "Prefer", "wait=10"));
    for (int i = 0; i < 2; i++) {
      var message = awaitMessage();
      running.answer(message, 200, "{\"partner\":" + message.partner().value() + "}");
    }
    assertThat(first.join().at("/partner")).isEqualTo("1");
    assertThat(second.join().at("/partner")).isEqualTo("2");
  }

  @Test
  void the_same_key_asks_once() {
    var key = UUID.randomUUID().toString();
    var answers =
        IntStream.range(0, 20)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(() ->
                    acme.post(
                        "/coupons/assign",
                        ASSIGN,
                        "Idempotency-Key",
                        i % 2 == 0 ? key : '"' + key + '"')))
            .toList();
    var ids = answers.stream().map(CompletableFuture::join).map(a -> a.at("/requestId")).distinct();
    assertThat(ids).hasSize(1);
    var message = onlyMessage("coupon-commands");

    running.answer(message, 200, "{\"assigned\":true}");
    var replayed = acme.post("/coupons/assign", ASSIGN, "Idempotency-Key", key);
    assertThat(replayed.status()).isEqualTo(202);
    assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(replayed.at("/status")).isEqualTo("succeeded");
    var waited = acme.post("/coupons/assign", ASSIGN, "Idempotency-Key", key, "Prefer", "wait=5");
    assertThat(waited.status()).isEqualTo(200);
    assertThat(waited.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(running.surroundings.take("coupon-commands")).isEmpty();
  }

  @Test
  void a_key_stands_for_one_route_and_one_body() {
    var key = UUID.randomUUID().toString();
    var first = acme.post("/coupons/assign", ASSIGN, "Idempotency-Key", key);
    assertReused(
        acme.post("/coupons/assign", ASSIGN.replace("Ann", "Bob"), "Idempotency-Key", key));
    assertReused(acme.post("/coupons/lock/X", HOLDER, "Idempotency-Key", key));
    assertReused(acme.post("/coupons/codes/uploads", upload(), "Idempotency-Key", key));

    running.answer(onlyMessage("coupon-commands"), 200, "{\"assigned\":true}");
    assertReused(
        acme.post("/coupons/assign", ASSIGN.replace("Ann", "Bob"), "Idempotency-Key", key));

    var others = running.other().post("/coupons/assign", ASSIGN, "Idempotency-Key", key);
    assertThat(others.status()).isEqualTo(202);
    assertThat(others.at("/requestId")).isNotEqualTo(first.at("/requestId"));
  }

  @Test
  void spaces_and_the_order_of_members_make_no_other_request() {
    var key = UUID.randomUUID().toString();
    var first = acme.post("/coupons/assign", ASSIGN, "Idempotency-Key", key);
    var turned = "{ \"email\": \"ann@example.com\", \"bookId\": \"" + RunningEdge.BOOK + "\" }";
    var second = acme.post("/coupons/assign", turned, "Idempotency-Key", key);
    assertThat(second.at("/requestId")).isEqualTo(first.at("/requestId"));
  }

  @Test
  void a_refused_body_does_not_use_its_key_up() {
    var key = UUID.randomUUID().toString();
    assertThat(acme.post("/coupons/assign", "{}", "Idempotency-Key", key).status()).isEqualTo(400);
    assertThat(acme.post("/coupons/assign", ASSIGN, "Idempotency-Key", key).status())
        .isEqualTo(202);
    assertThat(acme.post("/coupons/assign", ASSIGN, "Idempotency-Key", "").status()).isEqualTo(400);
    assertThat(
            acme.post("/coupons/assign", ASSIGN, "Idempotency-Key", "a", "Idempotency-Key", "b")
                .status())
        .isEqualTo(400);
  }

  @Test
  void a_job_shows_its_progress_and_at_its_end_a_link_to_the_codes() {
    var id = acme.post("/coupons/codes", codes("\"generated\":{\"amount\":5000}")).at("/requestId");
    var message = onlyMessage("coupon-loads");
    running.surroundings.sql(
        """
        INSERT INTO code_load (public_id, partner_id, book_id, kind, state, rows_expected, started_at)
        VALUES ('%s', 1, 1, 'generate', 'running', 5000, coupon_clock() - interval '10 seconds');
        INSERT INTO code_load_part (load_id, part, partner_id, range_from, range_to, position, rows_read, rows_accepted)
        SELECT id, 0, 1, 0, 5000, 2000, 2000, 2000 FROM code_load WHERE public_id = '%s'
        """
            .formatted(message.requestId(), message.requestId()));
    var running1 = acme.get("/requests/" + id);
    assertThat(running1.at("/status")).isEqualTo("running");
    assertThat(running1.at("/progress/state")).isEqualTo("running");
    assertThat(running1.json().at("/progress/percent").asDouble()).isEqualTo(40.0);
    assertThat(running1.json().at("/progress/rows/accepted").asInt()).isEqualTo(2000);
    assertThat(running1.json().at("/progress/rowsPerSecond").asInt()).isBetween(100, 200);
    assertThat(acme.get("/requests/" + id + "/codes").status()).isEqualTo(404);

    running.surroundings.sql(
        "UPDATE code_load SET held_at = coupon_clock() WHERE public_id = '"
            + message.requestId()
            + "'");
    var stopped = acme.get("/requests/" + id);
    assertThat(stopped.at("/status")).isEqualTo("running");
    assertThat(stopped.at("/progress/state")).isEqualTo("stopped");
    assertThat(stopped.json().at("/progress").has("estimatedEnd")).isFalse();

    running.surroundings.sql(
        "UPDATE code_load SET held_at = NULL, state = 'completed', codes_key = 'codes/1/x.csv' WHERE public_id = '"
            + message.requestId()
            + "'");
    running.answer(message, 201, "{\"amount\":5000,\"manual\":0,\"generated\":5000}");
    var done = acme.get("/requests/" + id);
    assertThat(done.at("/status")).isEqualTo("succeeded");
    assertThat(done.at("/outcome/body/links/codes")).isEqualTo("/requests/" + id + "/codes");
    var codes = acme.get("/requests/" + id + "/codes");
    assertThat(codes.status()).isEqualTo(303);
    assertThat(codes.header("Location"))
        .contains("/coupon-files/codes/1/x.csv?")
        .contains("X-Amz-Expires=300");
    assertThat(running.other().get("/requests/" + id + "/codes").status()).isEqualTo(404);
  }

  private static void assertReused(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(422);
    assertThat(answer.at("/code")).isEqualTo("idempotency_key_reused");
  }

  private static String codes(String members) {
    return "{\"bookId\":\"" + RunningEdge.BOOK + "\"," + members + "}";
  }

  private static String upload() {
    return codes("\"fileName\":\"a.csv\",\"contentLength\":1");
  }

  private Object command(String path, String body) {
    var answer = acme.post(path, body);
    assertThat(answer.status()).as("%s", answer).isEqualTo(202);
    return onlyMessage("coupon-commands").command();
  }

  private CommandMessage onlyMessage(String queue) {
    var messages = running.surroundings.take(queue);
    assertThat(messages).hasSize(1);
    return messages.getFirst();
  }

  private CommandMessage awaitMessage() {
    return running.surroundings.awaitMessage("coupon-commands");
  }
}
