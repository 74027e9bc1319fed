package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A partner asks for what is another's, and for what never was, and cannot tell the two apart. */
class IsolationStory {
  private static final String ANN = "ann@example.com";
  private static final String NOT_ALLOWED = "42501"; // insufficient_privilege

  private static void assertSame(Answer foreign, Answer absent) {
    assertThat(foreign.status()).as("%s", foreign).isGreaterThanOrEqualTo(400);
    assertThat(foreign.status()).isEqualTo(absent.status());
    assertThat(foreign.text()).isEqualTo(absent.text());
    var its = foreign.headers().map().keySet().stream().sorted().toList();
    assertThat(its).isEqualTo(absent.headers().map().keySet().stream().sorted().toList());
  }

  @Test
  void another_partner_s_book_is_as_absent_as_one_that_never_was(Partner partner, Home home) {
    var stranger = home.partner("stranger");
    var foreign = stranger.bookOf(List.of("SECRET-1", "SECRET-2"));
    stranger.assignCode(foreign, "SECRET-1", ANN).is(200);
    var absent = UUID.randomUUID().toString();

    assertSame(partner.get("/coupons/" + foreign), partner.get("/coupons/" + absent));
    assertSame(
        partner.get("/coupons/" + foreign + "?email=" + ANN),
        partner.get("/coupons/" + absent + "?email=" + ANN));
    assertSame(
        partner.get("/coupon/" + foreign + "?email=" + ANN),
        partner.get("/coupon/" + absent + "?email=" + ANN));
    assertSame(partner.assign(foreign, ANN), partner.assign(absent, ANN));
    assertSame(
        partner.assignCode(foreign, "SECRET-2", ANN), partner.assignCode(absent, "SECRET-2", ANN));
    assertSame(
        partner.post("/coupons/codes", json("bookId", foreign, "generated", json("amount", 1))),
        partner.post("/coupons/codes", json("bookId", absent, "generated", json("amount", 1))));
    assertSame(
        partner.post(
            "/coupons/codes/uploads",
            json("bookId", foreign, "fileName", "a.csv", "contentLength", 1)),
        partner.post(
            "/coupons/codes/uploads",
            json("bookId", absent, "fileName", "a.csv", "contentLength", 1)));
    assertSame(partner.get("/coupons?cursor=" + foreign), partner.get("/coupons?cursor=" + absent));
    assertThat(partner.get("/coupons").is(200).get("books")).isEmpty();
    assertThat(stranger.count(foreign, "assigned")).isEqualTo(1);
  }

  @Test
  void another_partner_s_code_is_as_absent_as_one_that_never_was(Partner partner, Home home) {
    var stranger = home.partner("stranger");
    var foreign = stranger.bookOf(List.of("THEIRS", "TWIN"));
    var own = partner.bookOf(List.of("TWIN"));
    stranger.assignCode(foreign, "THEIRS", ANN).is(200);
    stranger.lock("THEIRS", ANN).is(200);

    assertSame(partner.lock("THEIRS", ANN), partner.lock("NEVER", ANN));
    assertSame(partner.unlock("THEIRS", ANN), partner.unlock("NEVER", ANN));
    assertSame(partner.redeem("THEIRS", ANN), partner.redeem("NEVER", ANN));
    assertSame(partner.assignCode(own, "THEIRS", ANN), partner.assignCode(own, "NEVER", ANN));
    var redemption = stranger.redeem("THEIRS", ANN).is(200).text("redemptionId");
    assertSame(partner.reverse(redemption), partner.reverse(UUID.randomUUID().toString()));

    partner.add(own, List.of("THEIRS"));
    stranger.assignCode(foreign, "TWIN", ANN).is(200);
    assertThat(partner.count(own, "free")).as("the twin is another code").isEqualTo(2);
    assertThat(stranger.count(foreign, "redeemed")).isEqualTo(1);
  }

  @Test
  void another_partner_s_request_and_upload_are_as_absent_as_ones_that_never_were(
      Partner partner, Home home) {
    var stranger = home.partner("stranger");
    var book = stranger.book();
    var request = stranger.submit("/coupons", json("bookName", "Theirs"));
    stranger.outcome(request).is(201);
    var upload = stranger.upload(book, "code\nTHEIR-1\nnot good\n");
    upload.endsAs("completed_with_rejects");
    var absent = UUID.randomUUID() + upload.id().substring(36);

    assertSame(partner.get(request), partner.get("/requests/" + UUID.randomUUID()));
    for (var part : List.of("", "/rejects", "/summary")) {
      assertSame(
          partner.get(upload.path() + part),
          partner.get("/coupons/codes/uploads/" + absent + part));
    }
    for (var act : List.of("/cancel", "/undo")) {
      assertSame(
          partner.post(upload.path() + act, ""),
          partner.post("/coupons/codes/uploads/" + absent + act, ""));
    }
    assertThat(stranger.count(book, "total")).isEqualTo(1);
  }

  @Test
  void the_edge_s_role_reads_its_partner_s_rows_only_and_writes_nothing(Partner partner, Home home)
      throws SQLException {
    partner.bookOf(List.of("READ-ONLY"));
    try (var edge = home.as("coupon_edge");
        var statement = edge.createStatement()) {
      for (var table : List.of("coupon_book", "coupon", "command_outcome", "code_load")) {
        try (var rows = statement.executeQuery("SELECT * FROM " + table)) {
          assertThat(rows.next()).as("a row of %s for no partner", table).isFalse();
        }
      }
      for (var write :
          List.of(
              "INSERT INTO coupon_book_pick (book_id) VALUES (1)",
              "INSERT INTO partner (name, client_id) VALUES ('mallory', 'mallory')",
              "UPDATE coupon SET holder = 'mallory'",
              "DELETE FROM command_outcome",
              "TRUNCATE coupon_lock",
              "CREATE TABLE mine (n integer)")) {
        assertThatThrownBy(() -> statement.execute(write))
            .as(write)
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(NOT_ALLOWED));
      }
    }
  }
}
