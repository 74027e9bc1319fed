package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A partner creates books and looks at them. */
class BookStory {
  @Test
  void a_book_is_created_and_read_back_as_it_was_given(Partner partner) {
    var created =
        partner
            .post(
                "/coupons",
                json(
                    "bookName",
                    "Summer – Sømmer ☀",
                    "maxCodesPerUser",
                    3,
                    "maxRedeemCountPerUser",
                    2,
                    "startsAt",
                    "2026-01-01T00:00:00Z",
                    "expiresAt",
                    "2036-01-01T01:00:00+01:00",
                    "lockSeconds",
                    90,
                    "metadata",
                    json("shop", 7, "tags", List.of("a", "b"), "nothing", json())))
            .is(201);

    var book = partner.get("/coupons/" + created.text("bookId")).is(200);

    assertThat(book.text("bookId")).isEqualTo(created.text("bookId"));
    assertThat(book.text("bookName")).isEqualTo("Summer – Sømmer ☀");
    assertThat(book.get("maxCodesPerUser").asInt()).isEqualTo(3);
    assertThat(book.get("maxRedeemCountPerUser").asInt()).isEqualTo(2);
    assertThat(book.text("startsAt")).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(book.text("expiresAt")).isEqualTo("2036-01-01T00:00:00Z");
    assertThat(book.get("lockSeconds").asInt()).isEqualTo(90);
    assertThat(book.get("metadata").toString())
        .isEqualTo("{\"shop\":7,\"tags\":[\"a\",\"b\"],\"nothing\":{}}");
    for (var count : List.of("total", "free", "assigned", "locked", "redeemed", "void")) {
      assertThat(book.get("counts").path(count).asInt(-1)).as(count).isZero();
    }
  }

  @Test
  void members_that_are_left_out_have_their_defaults(Partner partner) {
    var book = partner.get("/coupons/" + partner.book()).is(200);

    assertThat(book.get("maxCodesPerUser").asInt(-1)).as("no limit").isZero();
    assertThat(book.get("maxRedeemCountPerUser").asInt(-1)).isEqualTo(1);
    assertThat(book.get("lockSeconds").asInt(-1)).isEqualTo(600);
  }

  @Test
  void a_book_is_changed_by_the_one_who_has_seen_its_version(Partner partner) {
    var book =
        partner.bookOf(
            Partner.codes("CHANGED-", 3),
            "maxCodesPerUser",
            1,
            "expiresAt",
            "2036-01-01T00:00:00Z",
            "metadata",
            json("shop", 7));
    partner.assign(book, "ann@example.com").is(200);
    assertThat(partner.get("/coupons/" + book).is(200).get("version").asInt()).isEqualTo(1);

    var change = json("bookName", "Autumn", "maxCodesPerUser", 2, "ifVersion", 1);
    change.put("expiresAt", null);
    var changed = partner.post("/coupons/" + book + "/change", change).is(200);
    assertThat(changed.text("bookName")).isEqualTo("Autumn");
    assertThat(changed.get("version").asInt()).isEqualTo(2);
    var seen = partner.get("/coupons/" + book).is(200);
    for (var member : changed.body().propertyNames()) {
      assertThat(seen.get(member)).as(member).isEqualTo(changed.get(member));
    }
    assertThat(seen.hasMember("expiresAt")).isFalse();
    assertThat(seen.get("metadata").toString()).isEqualTo("{\"shop\":7}");

    partner.assign(book, "ann@example.com").is(200);
    var late = partner.post("/coupons/" + book + "/change", change);
    late.refused(409, "The book was changed meanwhile");
    assertThat(late.text("code")).isEqualTo("version_changed");
    assertThat(late.get("version").asInt()).isEqualTo(2);
  }

  @Test
  void books_are_listed_page_by_page(Partner partner) {
    var created = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      created.add(partner.book("bookName", "Book " + i));
    }

    var listed = new ArrayList<String>();
    var sizes = new ArrayList<Integer>();
    JsonNode page;
    var cursor = "";
    do {
      page = partner.get("/coupons?limit=2" + cursor).is(200).body();
      listed.addAll(Partner.values(page.path("books"), "bookId"));
      sizes.add(page.path("books").size());
      cursor = "&cursor=" + page.path("next").asString("");
    } while (page.has("next"));

    assertThat(sizes).containsExactly(2, 2, 1);
    assertThat(listed).containsExactlyElementsOf(created);
  }

  @Test
  void a_users_codes_are_found_on_both_paths(Partner partner) {
    var book = partner.bookOf(List.of("MINE-1", "MINE-2", "MINE-3"));
    partner.assignCode(book, "MINE-1", "Ann@Example.com").is(200);
    partner.assignCode(book, "MINE-2", "ann@example.com").is(200);

    var codes = partner.get("/coupons/" + book + "?email=ann@example.com").is(200);

    assertThat(codes.text("bookId")).isEqualTo(book);
    assertThat(Partner.values(codes.get("codes"), "code"))
        .containsExactlyInAnyOrder("MINE-1", "MINE-2");
    assertThat(codes.get("codes").path(0).path("redeemedCount").asInt(-1)).isZero();
    assertThat(codes.get("codes").path(0).has("lockedUntil")).isFalse();
    assertThat(partner.get("/coupon/" + book + "?email=ANN%40example.com").is(200).body())
        .isEqualTo(codes.body());
  }

  @Test
  void a_user_without_codes_and_an_unknown_book_are_not_found(Partner partner) {
    var book = partner.bookOf(List.of("NOBODY-S"));

    partner.get("/coupons/" + book + "?email=nobody@example.com").refused(404, "Not Found");
    partner.get("/coupon/" + book + "?email=nobody@example.com").refused(404, "Not Found");
    partner.get("/coupons/" + UUID.randomUUID()).refused(404, "Not Found");
    partner.get("/coupons/no-id").refused(404, "Not Found");
    partner.get("/coupon/" + UUID.randomUUID() + "?email=a@example.com").refused(404, "Not Found");
  }
}
