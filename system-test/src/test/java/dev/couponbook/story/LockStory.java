package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A checkout locks a code while its user pays. */
class LockStory {
  private static final String ANN = "ann@example.com";
  private static final String NO_COUPON = "User has no coupon with that code assigned";

  private static String lockedBook(Partner partner, String code, Object... terms) {
    var book = partner.bookOf(List.of(code), terms);
    partner.assignCode(book, code, ANN).is(200);
    return book;
  }

  @Test
  void only_the_owner_of_the_token_can_lock_a_locked_code_again(Partner partner) {
    var book = lockedBook(partner, "LOCK", "lockSeconds", 120);
    var before = Instant.now();

    var locked = partner.lock("LOCK", ANN).is(200);

    assertThat(locked.get("success").asBoolean()).isTrue();
    assertThat(locked.time("lockedUntil"))
        .isBetween(before.plusSeconds(119), Instant.now().plusSeconds(121));
    partner.lock("LOCK", ANN).refused(400, "Cannot lock coupon");
    partner.lock("LOCK", ANN, "lockToken", "not-the-token").refused(400, "Cannot lock coupon");
    assertThat(partner.count(book, "locked")).isEqualTo(1);
    assertThat(lockedUntil(partner, book, "LOCK")).isEqualTo(locked.text("lockedUntil"));

    var extended = partner.lock("LOCK", ANN, "lockToken", locked.text("lockToken")).is(200);

    assertThat(extended.text("lockToken")).isEqualTo(locked.text("lockToken"));
    assertThat(extended.time("lockedUntil")).isAfter(locked.time("lockedUntil"));
  }

  private static String lockedUntil(Partner partner, String book, String code) {
    var held = partner.codesOf(book, ANN).get(code);
    return held == null ? "not held" : held.path("lockedUntil").asString("not locked");
  }

  @Test
  void the_holder_of_a_code_can_unlock_it_any_number_of_times(Partner partner) {
    var book = lockedBook(partner, "OPEN");
    partner.lock("OPEN", ANN).is(200);

    assertThat(partner.unlock("OPEN", ANN).is(200).get("success").asBoolean()).isTrue();
    partner.unlock("OPEN", ANN).is(200);

    assertThat(lockedUntil(partner, book, "OPEN")).isEqualTo("not locked");
    assertThat(partner.count(book, "locked")).isZero();
    partner.lock("OPEN", ANN).is(200);
  }

  @Test
  void a_user_who_does_not_hold_the_code_gets_the_same_answer_as_for_no_code_at_all(
      Partner partner) {
    lockedBook(partner, "ANN-S");
    partner.bookOf(List.of("FREE"));

    for (var code : List.of("ANN-S", "FREE", "NEVER-EXISTED")) {
      partner.lock(code, "bob@example.com").refused(404, NO_COUPON);
      partner.unlock(code, "bob@example.com").refused(404, NO_COUPON);
      partner.redeem(code, "bob@example.com").refused(404, NO_COUPON);
    }
  }

  @Test
  void a_book_that_has_not_begun_or_has_ended_locks_nothing(Partner partner) {
    lockedBook(partner, "EARLY", "startsAt", "2036-01-01T00:00:00Z");

    partner.lock("EARLY", ANN).refused(400, "Cannot lock coupon");
    lockedBook(partner, "LATE", "expiresAt", Instant.now().plusSeconds(2).toString());
    await("the book's end")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> partner.lock("LATE", ANN), answer -> answer.status() != 200 || unlocks(partner))
        .refused(400, "Cannot lock coupon");
  }

  // A lock that was granted before the end is released, or it would be the reason for the next
  // refusal.
  private static boolean unlocks(Partner partner) {
    partner.unlock("LATE", ANN).is(200);
    return false;
  }

  @Test
  void an_expired_lock_does_not_count_whether_swept_or_not(Partner partner, Home home) {
    var book = lockedBook(partner, "SHORT", "lockSeconds", 1);
    var first = partner.lock("SHORT", ANN).is(200);

    await("the lock's end")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> lockedUntil(partner, book, "SHORT"), "not locked"::equals);
    assertThat(partner.count(book, "locked")).isZero();
    partner
        .redeem("SHORT", ANN, "lockToken", first.text("lockToken"))
        .refused(400, "Coupon is not locked");
    partner.redeem("SHORT", ANN).refused(400, "Coupon is not locked");
    var second = partner.lock("SHORT", ANN).is(200);
    assertThat(second.text("lockToken")).isNotEqualTo(first.text("lockToken"));

    home.sweepIsDue();

    await("the sweep")
        // The schedule sends an event each minute, too.
        .atMost(Duration.ofSeconds(100))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> isSwept(home, partner));
    partner.lock("SHORT", ANN).is(200);
  }

  private static final String LOCKS =
      """
      SELECT count(*)
      FROM coupon_lock l
      JOIN partner p ON p.id = l.partner_id
      WHERE p.name = ?
      """;

  private static boolean isSwept(Home home, Partner partner) {
    if (home.number(LOCKS, partner.name()) == 0) {
      return true;
    }
    // The event before may have come while the lock was still live.
    home.sweepIsDue();
    return false;
  }
}
