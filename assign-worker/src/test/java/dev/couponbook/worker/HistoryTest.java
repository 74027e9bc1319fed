package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.testing.CouponFactory.Terms;
import dev.couponbook.worker.History.Answer;
import dev.couponbook.worker.History.Op;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Made-up histories: each breaks one promise, or only looks as if it did. */
class HistoryTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final UUID BOOK = UUID.randomUUID();

  private final History history = new History();

  HistoryTest() {
    history.book(BOOK, Terms.usual().maxCodes(1), 2);
    history.holds("ann", BOOK, "HELD");
  }

  private UUID ask(Op op) {
    var request = UUID.randomUUID();
    history.invoked(request, op);
    return request;
  }

  private UUID ask(Op op, int status, String body) {
    var request = ask(op);
    history.answered(request, answer(status, body));
    return request;
  }

  private static Answer answer(int status, String body) {
    return new Answer(status, JSON.readTree(body.replace('\'', '"')));
  }

  private void assign(String user, String code) {
    ask(new Op.Assign(BOOK, user, null), 200, "{'code':'" + code + "'}");
  }

  private void lock(String token, Instant until) {
    ask(
        new Op.Lock("HELD", null),
        200,
        "{'lockToken':'" + token + "','lockedUntil':'" + until + "'}");
  }

  private UUID redeem() {
    var id = UUID.randomUUID();
    ask(new Op.Redeem("HELD"), 200, "{'redemptionId':'" + id + "'}");
    return id;
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(600);
  }

  @Test
  void a_correct_history_has_no_violations() {
    assign("bob", "B");
    ask(new Op.Assign(BOOK, "bob", null), 400, "{'code':'max_codes_per_user'}");
    assign("cid", "C");
    ask(new Op.Assign(BOOK, "dan", null), 400, "{'code':'no_codes_left'}");
    lock("t", soon());
    ask(new Op.Reverse(redeem()), 200, "{}");
    lock("u", soon());
    redeem();
    ask(new Op.Redeem("HELD"), 400, "{'code':'max_redeems_per_user'}");
    assertThat(history.violations()).isEmpty();
    assertThat(history.unknown()).isEmpty();
  }

  @Test
  void a_code_given_twice_is_found() {
    assign("bob", "B");
    assign("cid", "B");
    assertThat(history.violations()).singleElement().asString().contains("was given 2 times");
  }

  @Test
  void a_code_given_away_though_somebody_holds_it_is_found() {
    assign("bob", "HELD");
    assertThat(history.violations()).singleElement().asString().contains("was given 2 times");
  }

  @Test
  void more_codes_than_the_book_allows_are_found() {
    assign("ann", "B");
    assertThat(history.violations()).singleElement().asString().contains("2 codes of 1");
  }

  @Test
  void none_left_said_while_a_code_is_free_is_found() {
    assign("bob", "B");
    ask(new Op.Assign(BOOK, "cid", null), 400, "{'code':'no_codes_left'}");
    assertThat(history.violations()).singleElement().asString().contains("none is left");
  }

  @Test
  void a_request_without_an_answer_may_have_taken_the_last_code() {
    assign("bob", "B");
    var inFlight = ask(new Op.Assign(BOOK, "dan", null));
    ask(new Op.Assign(BOOK, "cid", null), 400, "{'code':'no_codes_left'}");
    assertThat(history.violations()).isEmpty();
    assertThat(history.unknown()).containsExactly(inFlight);
  }

  @Test
  void more_uses_than_the_book_allows_are_found() {
    lock("t", soon());
    redeem();
    lock("u", soon());
    redeem();
    assertThat(history.violations()).singleElement().asString().contains("used 2 times of 1");
  }

  @Test
  void a_use_refused_below_the_limit_is_found() {
    ask(new Op.Redeem("HELD"), 400, "{'code':'max_redeems_per_user'}");
    assertThat(history.violations()).singleElement().asString().contains("below the limit");
  }

  @Test
  void a_use_without_a_lock_is_found() {
    redeem();
    assertThat(history.violations()).anyMatch(v -> v.contains("1 times with 0 locks"));
  }

  @Test
  void a_use_after_the_lock_ended_is_found() {
    lock("t", Instant.now().minusSeconds(1));
    redeem();
    assertThat(history.violations())
        .singleElement()
        .asString()
        .contains("after its lock had ended");
  }

  @Test
  void two_locks_at_once_are_found() {
    lock("t", soon());
    lock("u", soon());
    assertThat(history.violations()).singleElement().asString().contains("at the same time");
  }

  @Test
  void a_lock_after_an_unlock_without_an_answer_is_allowed() {
    lock("t", soon());
    ask(new Op.Unlock("HELD"));
    lock("u", soon());
    assertThat(history.violations()).isEmpty();
  }

  @Test
  void a_redemption_reversed_twice_is_found() {
    var redemption = UUID.randomUUID();
    ask(new Op.Reverse(redemption), 200, "{}");
    ask(new Op.Reverse(redemption), 200, "{}");
    assertThat(history.violations()).singleElement().asString().contains("reversed 2 times");
  }

  @Test
  void an_answer_that_changes_is_found() {
    var request = ask(new Op.Other(), 201, "{}");
    history.answered(request, answer(201, "{}"));
    assertThat(history.violations()).isEmpty();
    history.answered(request, answer(400, "{}"));
    assertThat(history.violations()).singleElement().asString().contains("then");
  }

  @Test
  void a_request_that_was_given_up_is_found() {
    ask(new Op.Other(), 500, "{'code':'internal_error'}");
    assertThat(history.violations()).singleElement().asString().contains("given up");
  }
}
