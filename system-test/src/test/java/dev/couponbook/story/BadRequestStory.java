package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.testing.AttackTable;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whatever is sent, the answer is a clear 4xx that names the place: at once, and with nothing done.
 */
class BadRequestStory {
  @RegisterExtension static final AttackTable ATTACKS = new AttackTable("bodies, in the home");

  private static final String BOOKS = "/coupons";
  private static final String CODES = "/coupons/codes";
  private static final String ASSIGN = "/coupons/assign";
  private static final String UPLOADS = "/coupons/codes/uploads";

  /** Stands for an existing book. */
  private static final String A_BOOK = "00000000-0000-4000-8000-000000000000";

  /** A body that is refused; the sentence must contain {@code named}. */
  record Bad(String what, String path, String body, int status, String named) {}

  private static Bad bad(String what, String path, String body, String named) {
    return new Bad(what, path, body, 400, named);
  }

  private static Bad bad(String what, String path, Map<String, Object> body, String named) {
    return bad(what, path, Answer.JSON.writeValueAsString(body), named);
  }

  private static Bad badBook(String member, Object value) {
    var body = json("bookName", "A book");
    body.put(member, value);
    return bad("a book's %s: %s".formatted(member, shown(value)), BOOKS, body, member);
  }

  private static Bad badGenerated(String member, Object value) {
    var generated = json("amount", 1);
    generated.put(member, value);
    return bad(
        "generated %s: %s".formatted(member, shown(value)),
        CODES,
        json("bookId", A_BOOK, "generated", generated),
        member);
  }

  private static Bad badCode(String code, String what) {
    return bad(
        "a code that " + what,
        CODES,
        json("bookId", A_BOOK, "manual", List.of(json("code", code))),
        "code");
  }

  private static Bad badEmail(Object email, String what) {
    return bad("an e-mail " + what, ASSIGN, json("bookId", A_BOOK, "email", email), "email");
  }

  private static Bad badUpload(String member, Object value) {
    var body = json("bookId", A_BOOK, "fileName", "a.csv", "contentLength", 1);
    body.put(member, value);
    return bad("an upload's %s: %s".formatted(member, shown(value)), UPLOADS, body, member);
  }

  private static String shown(Object value) {
    var text = String.valueOf(value);
    return text.length() <= 30 ? text : text.substring(0, 30) + "…";
  }

  private static List<Bad> bodies() {
    var bad = new ArrayList<Bad>();
    Collections.addAll(
        bad,
        bad("nothing", BOOKS, "", ""),
        bad("not JSON", BOOKS, "bookName=A", ""),
        bad("JSON cut off", BOOKS, "{\"bookName\":\"A", ""),
        bad("an array", BOOKS, "[]", ""),
        bad("null", BOOKS, "null", ""),
        bad("a number", BOOKS, "1", ""),
        bad("text behind the end", BOOKS, "{\"bookName\":\"A\"} {}", ""),
        bad("a member twice", BOOKS, "{\"bookName\":\"A\",\"bookName\":\"B\"}", ""),
        bad(
            "a member twice, deep down",
            BOOKS,
            "{\"bookName\":\"A\",\"metadata\":{\"a\":{\"b\":1,\"b\":2}}}",
            ""),
        bad("NUL", BOOKS, "{\"bookName\":\"A\\u0000B\"}", ""),
        bad("half a character", BOOKS, "{\"bookName\":\"A\\ud800B\"}", ""),
        bad("nested too deep", BOOKS, "{\"metadata\":" + "[".repeat(5_000), ""),
        bad("an unknown member", BOOKS, json("bookName", "A", "colour", 1), "colour"),
        bad("no name", BOOKS, json(), "bookName"),
        badBook("bookName", 5),
        badBook("bookName", ""),
        badBook("bookName", "x".repeat(5_000)),
        badBook("maxCodesPerUser", -1),
        badBook("maxCodesPerUser", 1_000_000_000_000L),
        badBook("maxCodesPerUser", 1.5),
        badBook("maxCodesPerUser", "1"),
        badBook("maxRedeemCountPerUser", -1),
        badBook("maxRedeemCountPerUser", true),
        badBook("lockSeconds", 0),
        badBook("lockSeconds", -1),
        badBook("lockSeconds", 3_601),
        badBook("startsAt", "tomorrow"),
        badBook("startsAt", 1_700_000_000),
        badBook("expiresAt", "2036-02-30T00:00:00Z"),
        badBook("expiresAt", "+12036-01-01T00:00:00Z"),
        badBook("metadata", List.of(1)),
        badBook("metadata", "text"),
        badBook("metadata", json("long", "x".repeat(9_000))),
        bad(
            "an end before the beginning",
            BOOKS,
            json(
                "bookName", "A",
                "startsAt", "2036-01-02T00:00:00Z",
                "expiresAt", "2036-01-01T00:00:00Z"),
            "expiresAt"),
        bad("codes of no book", CODES, json("generated", json("amount", 1)), "bookId"),
        bad(
            "codes of a number",
            CODES,
            json("bookId", 1, "generated", json("amount", 1)),
            "bookId"),
        bad(
            "codes of no id",
            CODES,
            json("bookId", "no-id", "generated", json("amount", 1)),
            "bookId"),
        bad("no codes at all", CODES, json("bookId", A_BOOK), ""),
        bad("an empty list of codes", CODES, json("bookId", A_BOOK, "manual", List.of()), ""),
        bad(
            "a list of nulls",
            CODES,
            "{\"bookId\":\"" + A_BOOK + "\",\"manual\":[null]}",
            "manual"),
        bad(
            "1,001 named codes",
            CODES,
            json(
                "bookId",
                A_BOOK,
                "manual",
                Partner.codes("C", 1_001).stream().map(c -> json("code", c)).toList()),
            "manual"),
        bad("no amount", CODES, json("bookId", A_BOOK, "generated", json()), "amount"),
        badGenerated("amount", 0),
        badGenerated("amount", -1),
        badGenerated("amount", 1_000_000_000_000L),
        badGenerated("amount", 1.5),
        badGenerated("amount", "5"),
        badGenerated("codeLength", 0),
        badGenerated("codeLength", -1),
        badGenerated("codeLength", 65),
        badGenerated("codeLength", 1_000_000_000_000L),
        badGenerated("prefix", "with space"),
        badGenerated("prefix", "é"),
        badGenerated("prefix", "x".repeat(65)),
        badGenerated("pattern", "{unknown}"),
        badGenerated("pattern", "{9:1000000000}"),
        badGenerated("pattern", ""),
        badGenerated("alphabet", "AA"),
        badGenerated("alphabet", "x"),
        badGenerated("expiration", "soon"),
        badGenerated("colour", 1),
        badCode("", "is empty"),
        badCode("with space", "has a space"),
        badCode(" ", "is a space"),
        badCode("tab\t", "has a tab"),
        badCode("ünlaut", "is not ASCII"),
        badCode("x".repeat(65), "is too long"),
        badEmail("a".repeat(5_000) + "@example.com", "of 5,000 characters"),
        badEmail("a".repeat(243) + "@example.com", "of 255 characters"),
        badEmail("nobody", "without an @"),
        badEmail("@example.com", "of nobody"),
        badEmail("a@", "at nowhere"),
        badEmail("a@b@example.com", "with two @"),
        badEmail("a b@example.com", "with a space"),
        badEmail("a\r\nBcc: b@example.com", "with a line end"),
        badEmail(7, "that is a number"),
        badEmail(List.of("a@example.com"), "that is a list"),
        bad("no e-mail", ASSIGN, json("bookId", A_BOOK), "email"),
        bad(
            "an e-mail that is null",
            ASSIGN,
            "{\"bookId\":\"" + A_BOOK + "\",\"email\":null}",
            "email"),
        bad(
            "a partner of one's own",
            ASSIGN,
            json("bookId", A_BOOK, "email", "a@example.com", "partnerId", 1),
            "partnerId"),
        bad("a lock of nobody", "/coupons/lock/CODE", json(), "email"),
        bad(
            "a lock token that is a number",
            "/coupons/lock/CODE",
            json("email", "a@example.com", "lockToken", 1),
            "lockToken"),
        bad("a redeem of nobody", "/coupons/redeem/CODE", json("lockToken", "x"), "email"),
        bad(
            "an unknown member of an unlock",
            "/coupons/unlock/CODE",
            json("email", "a@example.com", "force", true),
            "force"),
        bad(
            "a code with a space in the path",
            "/coupons/lock/A%20B",
            json("email", "a@example.com"),
            "code"),
        bad(
            "a code of 65 characters in the path",
            "/coupons/redeem/" + "x".repeat(65),
            json("email", "a@example.com"),
            "code"),
        bad(
            "a code that is not ASCII in the path",
            "/coupons/assign/%C3%A9",
            json("bookId", A_BOOK, "email", "a@example.com"),
            "code"),
        bad(
            "a reason that is a number",
            "/coupons/redemptions/" + A_BOOK + "/reverse",
            json("reason", 1),
            "reason"),
        bad(
            "a reason of 5,000 characters",
            "/coupons/redemptions/" + A_BOOK + "/reverse",
            json("reason", "x".repeat(5_000)),
            "reason"),
        badUpload("contentLength", -1),
        badUpload("contentLength", "1"),
        badUpload("contentLength", 0.5),
        new Bad(
            "an upload of 10^12 bytes",
            UPLOADS,
            Answer.JSON.writeValueAsString(
                json("bookId", A_BOOK, "fileName", "a.csv", "contentLength", 1_000_000_000_000L)),
            413,
            "64 GiB"),
        badUpload("fileName", ""),
        badUpload("fileName", "x".repeat(5_000)),
        badUpload("fileName", "a\nb.csv"),
        badUpload("onDuplicate", "maybe"),
        badUpload("dryRun", "yes"),
        badUpload("sha256", "short"),
        badUpload("expiration", "never"),
        badUpload("partner", 1));
    return bad;
  }

  @TestFactory
  Stream<DynamicTest> every_bad_body_is_refused_at_its_place(Partner partner) {
    var book = partner.book();
    return bodies().stream()
        .map(bad -> DynamicTest.dynamicTest(bad.what(), () -> assertRefused(partner, book, bad)));
  }

  private static void assertRefused(Partner partner, String book, Bad bad) {
    var answer = partner.send("POST", bad.path(), bad.body().replace(A_BOOK, book));
    ATTACKS.row(
        bad.what(),
        (bad.status() + " " + bad.named()).strip(),
        answer.status() + " " + answer.text("error"));

    answer.isProblem(bad.status());
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.text("error") + " " + answer.text("field")).contains(bad.named());
    assertThat(answer.text())
        .as("no answer repeats what could be anything, or names what is inside")
        .hasSizeLessThan(1_000)
        .doesNotContain("dev.couponbook", "tools.jackson", "java.", "Exception", "Bcc:");
  }

  @Test
  void bytes_that_are_not_utf_8_are_refused(Partner partner) {
    var latin1 = "{\"bookName\":\"Café\"}".getBytes(StandardCharsets.ISO_8859_1);

    partner.send("POST", BOOKS, BodyPublishers.ofByteArray(latin1)).isProblem(400);
  }

  @Test
  void a_body_of_10_mb_is_refused_and_the_edge_goes_on(Partner partner) {
    var announced =
        BodyPublishers.ofByteArray(
            ("{\"bookName\":\"" + "x".repeat(10 << 20) + "\"}").getBytes(StandardCharsets.UTF_8));
    var chunked = BodyPublishers.ofInputStream(() -> new Endless('x', 10 << 20));

    partner.send("POST", BOOKS, announced).isProblem(413);
    partner.send("POST", BOOKS, chunked).isProblem(413);
    partner.send("POST", BOOKS, json("bookName", "x".repeat(300_000))).isProblem(413);
    partner.book();
  }

  @Test
  void other_types_than_json_are_refused(Partner partner) {
    for (var type : List.of("text/plain", "application/xml", "application/x-www-form-urlencoded")) {
      partner.send("POST", BOOKS, json("bookName", "A"), "Content-Type", type).isProblem(415);
    }
  }

  @Test
  void bad_queries_are_refused(Partner partner) {
    var book = partner.book();
    for (var query :
        List.of(
            "limit=-1",
            "limit=0",
            "limit=abc",
            "limit=1000000000000",
            "limit=1.5",
            "cursor=x",
            "cursor=%00",
            "cursor=" + "x".repeat(3_000))) {
      partner.get("/coupons?" + query).isProblem(400);
    }
    for (var query :
        List.of(
            "email=",
            "email=nobody",
            "email=" + "a".repeat(5_000) + "@example.com",
            "email=%FF@x.y")) {
      var answer = partner.get("/coupons/" + book + "?" + query);
      assertThat(answer.status())
          .as(query.substring(0, Math.min(20, query.length())))
          .isBetween(400, 499);
    }
    partner.get("/coupon/" + book).isProblem(400);
  }

  @Test
  void bad_idempotency_keys_are_refused(Partner partner) {
    for (var key : List.of("", "\"\"", "\"open", "two words", "x".repeat(256), "semi;colon")) {
      assertThat(
              partner.send("POST", BOOKS, json("bookName", "A"), "Idempotency-Key", key).status())
          .as("Idempotency-Key: %s", key)
          .isEqualTo(400);
    }
    partner
        .send(
            "POST",
            BOOKS,
            json("bookName", "A"),
            "Idempotency-Key",
            "one",
            "Idempotency-Key",
            "two")
        .isProblem(400);
  }

  @Test
  void odd_addresses_are_refused(Home home, Partner partner) {
    for (var path :
        List.of(
            "/coupons/%2e%2e/%2e%2e/etc/passwd",
            "/coupons//",
            "/requests/%00",
            "/requests/" + "x".repeat(2_000),
            "/coupons/codes/uploads/%ff",
            "/coupons/lock",
            "/Coupons")) {
      var request =
          HttpRequest.newBuilder(URI.create(home.edge() + path))
              .header("Authorization", "Bearer " + partner.token())
              .build();
      assertThat(Answer.of(request).status()).as(path).isBetween(400, 499);
    }
  }

  @Test
  void far_too_large_headers_are_refused(Home home, Partner partner) {
    var long40k =
        HttpRequest.newBuilder(URI.create(home.edge() + "/coupons"))
            .header("Authorization", "Bearer " + partner.token())
            .header("X-Long", "x".repeat(40_000))
            .build();

    assertThat(Answer.of(long40k).status()).isBetween(400, 499);
    partner.book();
  }
}
