package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
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
  void a_paused_book_lets_a_checkout_end_and_none_begin(Partner partner) {
    var book = partner.bookOf(Partner.codes("PAUSED-", 3));
    var path = "/coupons/" + book;
    partner.assignCode(book, "PAUSED-0", "ann@example.com").is(200);
    var lock = partner.lock("PAUSED-0", "ann@example.com").is(200).text("lockToken");
    partner.assignCode(book, "PAUSED-1", "ann@example.com").is(200);

    var paused = partner.post(path + "/pause", json("reason", "the campaign is wrong")).is(200);
    assertThat(paused.text("state")).isEqualTo("paused");
    assertThat(partner.get(path).is(200).text("state")).isEqualTo("paused");
    assertThat(partner.assign(book, "bob@example.com").text("code")).isEqualTo("book_paused");
    assertThat(partner.lock("PAUSED-1", "ann@example.com").text("code")).isEqualTo("book_paused");
    assertThat(partner.lock("PAUSED-0", "ann@example.com", "lockToken", lock).text("code"))
        .isEqualTo("book_paused");
    partner.redeem("PAUSED-0", "ann@example.com").is(200);
    partner.add(book, List.of("PAUSED-3"));

    partner.post(path + "/resume", json()).is(200);
    partner.assign(book, "bob@example.com").is(200);
    partner.lock("PAUSED-1", "ann@example.com").is(200);
  }

  @Test
  void a_closed_book_takes_nothing_new(Partner partner) {
    var book = partner.bookOf(List.of("CLOSED-0", "CLOSED-1"));
    var path = "/coupons/" + book;
    partner.assignCode(book, "CLOSED-0", "ann@example.com").is(200);
    partner.lock("CLOSED-0", "ann@example.com").is(200);
    var late = partner.planUpload(book, 15);

    assertThat(partner.post(path + "/close", json("reason", "over")).is(200).text("state"))
        .isEqualTo("closed");

    var many = json("bookId", book, "generated", json("amount", 2_000));
    var file = json("bookId", book, "fileName", "late.csv", "contentLength", 15);
    for (var refused :
        List.of(
            partner.assign(book, "bob@example.com"),
            partner.post("/coupons/codes", json("bookId", book, "generated", json("amount", 1))),
            partner.post("/coupons/codes", many),
            partner.post("/coupons/codes/uploads", file),
            partner.post(path + "/change", json("bookName", "Again")),
            partner.post(path + "/resume", json()))) {
      refused.refused(409, "The book is closed");
    }
    // Asked for before the end, and sent after it.
    assertThat(partner.put(late, BodyPublishers.ofString("code\nCLOSED-2\n\n")).status())
        .isEqualTo(200);
    var load = new Upload(partner, late.path("uploadId").asString()).endsAs("failed");
    assertThat(load.path("reason").asString()).contains("closed");
    partner.redeem("CLOSED-0", "ann@example.com").is(200);
    assertThat(partner.count(book, "total")).isEqualTo(2);
  }

  @Test
  void an_operator_acts_for_the_partner_and_says_why(Partner partner, Home home) {
    var book = partner.bookOf(List.of("OPERATED-0", "OPERATED-1"));
    partner.assignCode(book, "OPERATED-0", "ann@example.com").is(200);
    var why = List.of("--who", "olga", "--why", "wrong campaign", "--json");

    var paused = operator(home, why, "books", "pause", book);
    assertThat(paused.path("state").asString()).isEqualTo("paused");
    operator(home, why, "books", "change", book, "--max-codes", "1", "--expires", "none");
    operator(home, why, "books", "resume", book);
    var shown = operator(home, List.of("--json"), "books", "show", book);
    assertThat(shown.path("version").asInt()).isEqualTo(4);
    assertThat(shown.path("maxCodesPerUser").asInt()).isEqualTo(1);
    assertThat(shown.path("changes").valueStream().map(c -> c.at("/asked/reason").asString()))
        .hasSize(3)
        .containsOnly("olga: wrong campaign");

    var owner = shown.path("partner").asString();
    operator(home, why, "codes", "void", "OPERATED-0", "--partner", owner, "--book", book);
    assertThat(partner.lock("OPERATED-0", "ann@example.com").text("code")).isEqualTo("code_void");
    operator(home, why, "codes", "lift", "OPERATED-0", "--partner", owner);
    partner.lock("OPERATED-0", "ann@example.com").is(200);
    operator(home, why, "books", "close", book);
    var late = home.coupons("books", "resume", book, "--why", "again");
    assertThat(late.exit()).as("%s", late).isEqualTo(5);
    assertThat(late.err()).contains("The book is closed");
  }

  private static JsonNode operator(Home home, List<String> options, String... words) {
    var line = new ArrayList<>(List.of(words));
    line.addAll(options);
    return Answer.parse(home.coupons(line.toArray(String[]::new)).succeeds().lastLine());
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
