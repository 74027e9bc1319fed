package dev.couponbook.story;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A user uses a code, and gets a use back. */
class RedeemStory {
  private static final String ANN = "ann@example.com";
  private static final String USED_UP = "Coupon has reached its maximum redeem count per user";

  private static String bookOfAnn(Partner partner, String code, Object... terms) {
    var book = partner.bookOf(List.of(code), terms);
    partner.assignCode(book, code, ANN).is(200);
    return book;
  }

  @Test
  void a_locked_code_is_redeemed_and_the_lock_ends(Partner partner) {
    var book = bookOfAnn(partner, "ONCE");
    partner.redeem("ONCE", ANN).refused(400, "Coupon is not locked");
    var locked = partner.lock("ONCE", ANN).is(200);
    partner.redeem("ONCE", ANN, "lockToken", "wrong").refused(400, "Coupon is not locked");

    var redeemed = partner.redeem("ONCE", ANN, "lockToken", locked.text("lockToken")).is(200);

    assertThat(redeemed.get("success").asBoolean()).isTrue();
    assertThat(redeemed.get("redeemedCount").asInt()).isEqualTo(1);
    assertThat(UUID.fromString(redeemed.text("redemptionId"))).isNotNull();
    var held = requireNonNull(partner.codesOf(book, ANN).get("ONCE"), "the user holds the code");
    assertThat(held.path("redeemedCount").asInt()).isEqualTo(1);
    assertThat(held.has("lockedUntil")).isFalse();
    assertThat(partner.count(book, "redeemed")).isEqualTo(1);
    partner.redeem("ONCE", ANN).refused(400, USED_UP);
    partner.lock("ONCE", ANN).refused(400, USED_UP);
  }

  @Test
  void a_code_that_is_made_void_in_a_checkout_is_not_redeemed(Partner partner) {
    var book = bookOfAnn(partner, "STOLEN");
    partner.add(book, List.of("SPARE"));
    partner.lock("STOLEN", ANN).is(200);

    assertThat(partner.post("/coupons/void/STOLEN", Partner.json("force", false)).text("code"))
        .isEqualTo("locked");
    var made =
        partner
            .post("/coupons/void/STOLEN", Partner.json("bookId", book, "reason", "was stolen"))
            .is(200);
    assertThat(made.text("state")).isEqualTo("assigned");
    assertThat(made.get("blocked").asBoolean()).isTrue();
    partner.redeem("STOLEN", ANN).refused(400, "Coupon is not locked");
    assertThat(partner.lock("STOLEN", ANN).text("code")).isEqualTo("code_void");
    partner.post("/coupons/void/SPARE", Partner.json()).is(200);
    assertThat(partner.assign(book, ANN).text("code")).isEqualTo("no_codes_left");
    assertThat(partner.counts(book).path("blocked").asInt()).isEqualTo(1);
    assertThat(partner.counts(book).path("void").asInt()).isEqualTo(1);
    assertThat(partner.counts(book).path("assigned").asInt()).isEqualTo(1);
    var seen = partner.get("/coupons/" + book + "/codes/STOLEN").is(200);
    assertThat(seen.text("blockReason")).isEqualTo("was stolen");
    assertThat(seen.get("history").path(0).path("event").asString()).isEqualTo("voided");

    for (var code : List.of("STOLEN", "SPARE")) {
      partner.post("/coupons/void/" + code, Partner.json("undo", true)).is(200);
    }
    partner.lock("STOLEN", ANN).is(200);
    partner.redeem("STOLEN", ANN).is(200);
    partner.assign(book, ANN).is(200);
    assertThat(partner.post("/coupons/void/STOLEN", Partner.json()).text("code"))
        .isEqualTo("already_redeemed");
    partner.post("/coupons/void/NEVER", Partner.json()).refused(404, "Code not found");
  }

  @Test
  void a_code_is_redeemed_as_often_as_its_book_allows(Partner partner) {
    bookOfAnn(partner, "TWICE", "maxRedeemCountPerUser", 2);
    for (int use = 1; use <= 2; use++) {
      partner.lock("TWICE", ANN).is(200);
      assertThat(partner.redeem("TWICE", ANN).is(200).get("redeemedCount").asInt()).isEqualTo(use);
    }

    partner.lock("TWICE", ANN).refused(400, USED_UP);
    partner.redeem("TWICE", ANN).refused(400, USED_UP);
  }

  @Test
  void a_book_without_limit_lets_a_code_be_redeemed_again_and_again(Partner partner) {
    bookOfAnn(partner, "EVER", "maxRedeemCountPerUser", 0);
    for (int use = 1; use <= 4; use++) {
      partner.lock("EVER", ANN).is(200);
      assertThat(partner.redeem("EVER", ANN).is(200).get("redeemedCount").asInt()).isEqualTo(use);
    }
  }

  @Test
  void of_many_redeems_at_once_under_one_lock_only_one_succeeds(Partner partner) {
    bookOfAnn(partner, "RACE", "maxRedeemCountPerUser", 0);
    partner.lock("RACE", ANN).is(200);
    var body = Partner.json("email", ANN);
    var requests =
        List.of(1, 2, 3, 4, 5, 6, 7, 8).stream()
            .map(_ -> partner.submit("/coupons/redeem/RACE", body))
            .toList();

    var outcomes = requests.stream().map(partner::outcome).toList();

    assertThat(outcomes.stream().filter(o -> o.status() == 200)).hasSize(1);
    assertThat(outcomes.stream().filter(o -> o.status() != 200))
        .allSatisfy(o -> o.refused(400, "Coupon is not locked"));
  }

  @Test
  void a_use_is_given_back_once(Partner partner) {
    var book = bookOfAnn(partner, "BACK");
    partner.lock("BACK", ANN).is(200);
    var redemption = partner.redeem("BACK", ANN).is(200).text("redemptionId");

    assertThat(partner.reverse(redemption).is(200).get("success").asBoolean()).isTrue();

    partner.reverse(redemption).isProblem(409);
    var held = requireNonNull(partner.codesOf(book, ANN).get("BACK"), "the user holds the code");
    assertThat(held.path("redeemedCount").asInt(-1)).isZero();
    assertThat(partner.count(book, "redeemed")).isZero();
    partner.lock("BACK", ANN).is(200);
    partner.redeem("BACK", ANN).is(200);
  }

  @Test
  void a_redemption_that_never_existed_is_not_found(Partner partner) {
    partner.reverse(UUID.randomUUID().toString()).isProblem(404);
    partner.reverse("no-id").isProblem(404);
  }
}
