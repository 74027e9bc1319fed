package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.story.DescribedCalls.Call;
import dev.couponbook.testing.AttackTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A partner asks for things of another partner and for things that never existed, and cannot tell
 * the two apart.
 */
class IsolationStory {
  @RegisterExtension static final AttackTable ATTACKS = new AttackTable("isolation");

  private static final String ANN = "ann@example.com";
  // insufficient_privilege
  private static final String NOT_ALLOWED = "42501";

  private static void assertSame(Answer foreign, Answer absent) {
    assertThat(foreign.status()).as("%s", foreign).isGreaterThanOrEqualTo(400);
    assertThat(foreign.status()).isEqualTo(absent.status());
    assertThat(foreign.text()).isEqualTo(absent.text());
    var its = foreign.headers().map().keySet().stream().sorted().toList();
    assertThat(its).isEqualTo(absent.headers().map().keySet().stream().sorted().toList());
  }

  // Headers that differ from call to call, whatever is asked for.
  private static final Set<String> OF_THE_CALL =
      Set.of("date", "trace-id", "location", "ratelimit", "etag");
  private static final boolean[] NO_OPTIONAL = {false};

  @Test
  void every_route_answers_alike_for_another_partners_things_and_for_what_never_existed(
      Partner partner, Home home) {
    var stranger = home.partner("stranger");
    var theirs = idsOf(stranger, "THEIR-CODE");
    var mine = idsOf(partner, "MY-CODE");
    var never = new HashMap<String, String>();
    theirs.forEach((place, id) -> never.put(place, neverGivenOut(id)));
    int cases = 0;
    for (var route : new DescribedCalls(Home.fetch(home.edge() + "/openapi.yaml")).operations()) {
      var places = new ArrayList<>(route.places(theirs.keySet()).stream().map(Set::of).toList());
      if (places.size() > 1) {
        places.add(route.places(theirs.keySet()));
      }
      for (var place : places) {
        for (boolean optional : route.hasOptional() ? new boolean[] {false, true} : NO_OPTIONAL) {
          assertCannotTell(
              partner,
              place,
              route.call(with(mine, place, theirs), optional),
              route.call(with(mine, place, never), optional));
          cases++;
        }
      }
    }
    assertThat(cases).isGreaterThan(30);
    var book = Objects.requireNonNull(theirs.get("bookId"));
    assertThat(stranger.count(book, "free")).isEqualTo(2);
    assertThat(stranger.count(book, "locked")).isEqualTo(1);
    assertThat(stranger.count(book, "redeemed")).isEqualTo(1);
  }

  /** One id of each kind, by the name of its place in the description of the API. */
  private static Map<String, String> idsOf(Partner partner, String code) {
    var book = partner.bookOf(List.of(code, code + "-2", code + "-3"));
    partner.assignCode(book, code, ANN).is(200);
    partner.lock(code, ANN).is(200);
    partner.assignCode(book, code + "-2", ANN).is(200);
    partner.lock(code + "-2", ANN).is(200);
    var redemption = partner.redeem(code + "-2", ANN).is(200);
    var request = partner.submit("/coupons", json("bookName", "Asked for"));
    partner.outcome(request).is(201);
    var upload = partner.upload(book, "code\n" + code + "-4\nnot good\n");
    upload.endsAs("completed_with_rejects");
    return Map.of(
        "bookId",
        book,
        "code",
        code,
        "cursor",
        book,
        "redemptionId",
        redemption.text("redemptionId"),
        "requestId",
        request.substring("/requests/".length()),
        "uploadId",
        upload.id());
  }

  // Of the same form: an id of another form could be refused for its form.
  private static String neverGivenOut(String id) {
    return id.length() < 36 ? "NEVER-CODE" : UUID.randomUUID() + id.substring(36);
  }

  private static Map<String, String> with(
      Map<String, String> usual, Set<String> places, Map<String, String> others) {
    var ids = new HashMap<>(usual);
    places.forEach(place -> ids.put(place, Objects.requireNonNull(others.get(place))));
    return ids;
  }

  private static void assertCannotTell(
      Partner partner, Set<String> places, Call foreignCall, Call absentCall) {
    var foreign = ask(partner, foreignCall);
    var absent = ask(partner, absentCall);
    ATTACKS.row(
        foreignCall + " " + places, "as absent: " + shown(absent), "foreign: " + shown(foreign));
    assertThat(foreign.status()).as("%s: %s", foreignCall, foreign).isEqualTo(absent.status());
    assertThat(shape(foreign)).as("%s: %s", foreignCall, foreign).isEqualTo(shape(absent));
    assertThat(headers(foreign)).as("%s", foreignCall).isEqualTo(headers(absent));
  }

  private static String shown(Answer answer) {
    return answer.status() < 400
        ? Integer.toString(answer.status())
        : answer.status() + " " + answer.text("code");
  }

  private static Answer ask(Partner partner, Call call) {
    var address =
        call.query().isEmpty() ? call.path() : call.path() + "?" + String.join("&", call.query());
    return call.method().equals("GET") ? partner.get(address) : partner.post(address, call.body());
  }

  // For a refusal its exact text; for anything else, the members that it has.
  private static Object shape(Answer answer) {
    return answer.status() >= 400 || answer.text().isEmpty()
        ? answer.text()
        : answer.body().propertyNames();
  }

  private static Map<String, List<String>> headers(Answer answer) {
    var headers = new TreeMap<>(answer.headers().map());
    headers.keySet().removeAll(OF_THE_CALL);
    return headers;
  }

  @Test
  void another_partners_book_looks_like_one_that_never_existed(Partner partner, Home home) {
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
  void another_partners_code_looks_like_one_that_never_existed(Partner partner, Home home) {
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
  void another_partners_request_and_upload_look_like_ones_that_never_existed(
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
  void the_edges_role_reads_only_its_partners_rows_and_writes_nothing(Partner partner, Home home)
      throws SQLException {
    partner.bookOf(List.of("READ-ONLY"));
    try (var edge = home.as("coupon_edge");
        var statement = edge.createStatement()) {
      for (var table : List.of("coupon_book", "coupon", "command_outcome", "code_load")) {
        try (var rows = statement.executeQuery("SELECT * FROM " + table)) {
          assertThat(rows.next()).as("a row of %s for no partner", table).isFalse();
        }
      }
      // The role's transactions only read; here it is its rights that are asked for.
      statement.execute("SET default_transaction_read_only = off");
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
