package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A partner hands codes to users. */
class AssignStory {
  @Test
  void a_code_that_went_to_the_wrong_user_is_taken_back_or_replaced(Partner partner) {
    var ann = "ann@example.com";
    var book = partner.bookOf(List.of("WRONG-1"), "maxCodesPerUser", 1);
    partner.assignCode(book, "WRONG-1", ann).is(200);
    var back = Partner.json("email", ann, "reason", "wrong user");
    assertThat(partner.post("/coupons/replace/WRONG-1", back).text("code"))
        .isEqualTo("no_codes_left");
    partner.add(book, List.of("RIGHT-1"));
    partner.lock("WRONG-1", ann).is(200);
    assertThat(partner.post("/coupons/unassign/WRONG-1", back).text("code")).isEqualTo("in_use");
    partner.unlock("WRONG-1", ann).is(200);

    var replaced = partner.post("/coupons/replace/WRONG-1", back).is(200);
    assertThat(replaced.text("code")).isEqualTo("RIGHT-1");
    assertThat(replaced.text("replaced")).isEqualTo("WRONG-1");
    assertThat(partner.codesOf(book, ann)).containsOnlyKeys("RIGHT-1");
    assertThat(partner.count(book, "void")).isEqualTo(1);

    back.put("toPool", true);
    assertThat(partner.post("/coupons/unassign/RIGHT-1", back).is(200).text("state"))
        .isEqualTo("free");
    partner.assignCode(book, "RIGHT-1", "bob@example.com").is(200);
    partner
        .post("/coupons/unassign/RIGHT-1", back)
        .refused(404, "User has no coupon with that code assigned");
  }

  private static final String NONE_LEFT = "No available codes left in the book.";
  private static final String ENOUGH =
      "User already has maximum number of assigned codes in the book.";

  /** Sends all commands at once, and only then asks for their outcomes. */
  private static List<Answer> atOnce(Partner partner, List<? extends Object> bodies) {
    var requests = bodies.stream().map(body -> partner.submit("/coupons/assign", body)).toList();
    return requests.stream().map(partner::outcome).toList();
  }

  @Test
  void a_user_gets_a_free_code(Partner partner) {
    var codes = Partner.codes("ANY-", 5);
    var book = partner.bookOf(codes);

    var assigned = partner.assign(book, "Ann@Example.com").is(200);

    assertThat(assigned.get("assigned").asBoolean()).isTrue();
    assertThat(codes).contains(assigned.text("code"));
    assertThat(partner.codesOf(book, "ann@example.com")).containsOnlyKeys(assigned.text("code"));
    assertThat(partner.count(book, "free")).isEqualTo(4);
    assertThat(partner.count(book, "assigned")).isEqualTo(1);
  }

  @Test
  void no_code_goes_to_two_users_and_none_is_forgotten(Partner partner) {
    var codes = Partner.codes("RUSH-", 40);
    var book = partner.bookOf(codes);
    var users =
        IntStream.range(0, 50)
            .mapToObj(i -> json("bookId", book, "email", "user" + i + "@example.com"))
            .toList();

    var outcomes = atOnce(partner, users);

    var given = new ArrayList<String>();
    outcomes.stream().filter(o -> o.status() == 200).forEach(o -> given.add(o.text("code")));
    assertThat(given).containsExactlyInAnyOrderElementsOf(codes);
    assertThat(outcomes.stream().filter(o -> o.status() != 200))
        .hasSize(10)
        .allSatisfy(o -> o.refused(400, NONE_LEFT));
  }

  @Test
  void codes_are_given_out_in_random_order(Partner partner) {
    var codes = Partner.codes("LUCK-", 200);
    var book = partner.bookOf(codes);
    var users =
        IntStream.range(0, 20)
            .mapToObj(i -> json("bookId", book, "email", "user" + i + "@example.com"))
            .toList();

    var given = atOnce(partner, users).stream().map(o -> o.is(200).text("code")).toList();

    assertThat(given).doesNotHaveDuplicates();
    assertThat(given).as("the first twenty codes").isNotEqualTo(codes.subList(0, 20));
  }

  @Test
  void a_user_never_has_more_codes_than_the_book_allows_not_even_by_asking_at_once(
      Partner partner) {
    var book = partner.bookOf(Partner.codes("FEW-", 30), "maxCodesPerUser", 3);
    var asks = new ArrayList<Object>();
    for (int i = 0; i < 20; i++) {
      asks.add(json("bookId", book, "email", i % 2 == 0 ? "ann@example.com" : " ANN@example.com "));
    }

    var outcomes = atOnce(partner, asks);

    assertThat(outcomes.stream().filter(o -> o.status() == 200)).hasSize(3);
    assertThat(outcomes.stream().filter(o -> o.status() != 200))
        .hasSize(17)
        .allSatisfy(o -> o.refused(400, ENOUGH));
    partner.assignCode(book, "FEW-29", "ann@example.com").isProblem(400);
    assertThat(partner.codesOf(book, "ann@example.com")).hasSize(3);
  }

  @Test
  void a_code_that_is_named_goes_to_one_user_only(Partner partner) {
    var book = partner.bookOf(List.of("ONE", "one", "A+B/C?D%E"));

    var assigned = partner.assignCode(book, "ONE", "ann@example.com").is(200);

    assertThat(assigned.get("assigned").asBoolean()).isTrue();
    assertThat(assigned.text("code")).isEqualTo("ONE");
    partner.assignCode(book, "ONE", "bob@example.com").refused(400, "Code already assigned");
    partner.assignCode(book, "ONE", "ann@example.com").refused(400, "Code already assigned");
    partner.assignCode(book, "one", "bob@example.com").is(200);
    partner.assignCode(book, "One", "bob@example.com").refused(404, "Code not found");
    assertThat(partner.assignCode(book, "A+B/C?D%E", "bob@example.com").is(200).text("code"))
        .isEqualTo("A+B/C?D%E");
  }

  @Test
  void a_code_is_assigned_from_its_own_book_only(Partner partner) {
    partner.bookOf(List.of("ELSEWHERE"));
    var book = partner.bookOf(List.of("HERE"));

    partner.assignCode(book, "ELSEWHERE", "ann@example.com").refused(404, "Code not found");
    partner.assign(UUID.randomUUID().toString(), "ann@example.com").refused(400, "Book not found");
    assertThat(partner.count(book, "assigned")).isZero();
  }

  @Test
  void an_empty_book_says_so_and_a_full_user_hears_of_that_first(Partner partner) {
    var book = partner.bookOf(List.of("LAST"), "maxCodesPerUser", 1);
    partner.assign(book, "ann@example.com").is(200);

    partner.assign(book, "bob@example.com").refused(400, NONE_LEFT);
    partner.assign(book, "ann@example.com").refused(400, ENOUGH);
  }
}
