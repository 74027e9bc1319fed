package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A partner adds codes: named ones, generated ones, a few or many. */
class AddCodesStory {
  private static Answer add(Partner partner, String book, Object... members) {
    var body = json("bookId", book);
    body.putAll(json(members));
    return partner.post("/coupons/codes", body);
  }

  private static Map<String, Object> code(String code) {
    return json("code", code);
  }

  @Test
  void named_codes_are_added_as_they_are(Partner partner) {
    var book = partner.book();

    var added =
        add(
                partner,
                book,
                "manual",
                List.of(
                    json("code", "Hello-World", "expiration", "2036-01-01T00:00:00Z"),
                    code("hello-world"),
                    code("~!@#$%^&*()_+{}|:\"<>?")))
            .is(201);

    assertThat(Partner.values(added.get("codes"), "code"))
        .containsExactlyInAnyOrder("Hello-World", "hello-world", "~!@#$%^&*()_+{}|:\"<>?");
    assertThat(added.get("codes").findValuesAsString("expiration"))
        .containsExactly("2036-01-01T00:00:00Z");
    assertThat(partner.count(book, "total")).isEqualTo(3);
    assertThat(partner.count(book, "free")).isEqualTo(3);
  }

  @Test
  void named_and_generated_codes_come_in_one_answer(Partner partner) {
    var book = partner.book();

    var added =
        add(
                partner,
                book,
                "manual",
                List.of(code("SUN-NAMED")),
                "generated",
                json("amount", 60, "prefix", "SUN-", "codeLength", 8))
            .is(201);

    var codes = Partner.values(added.get("codes"), "code");
    assertThat(codes).hasSize(61).doesNotHaveDuplicates().contains("SUN-NAMED");
    assertThat(codes.stream().filter(c -> !c.equals("SUN-NAMED")))
        .hasSize(60)
        .allMatch(c -> c.matches("SUN-[0-9A-Z]{8}"));
    assertThat(partner.count(book, "free")).isEqualTo(61);
  }

  @Test
  void a_generated_code_is_long_and_has_no_look_alikes(Partner partner) {
    var book = partner.book();

    var added = add(partner, book, "generated", json("amount", 200)).is(201);

    assertThat(Partner.values(added.get("codes"), "code"))
        .hasSize(200)
        .doesNotHaveDuplicates()
        .allMatch(c -> c.matches("[2-9A-HJKMNP-TV-Z]{12}"));
  }

  @Test
  void a_pattern_can_be_filled_to_its_last_code(Partner partner) {
    var book = partner.book();

    var all = add(partner, book, "generated", json("amount", 100, "pattern", "P{9}-{9}")).is(201);
    var one = add(partner, book, "generated", json("amount", 1, "pattern", "P{9}-{9}"));

    assertThat(Partner.values(all.get("codes"), "code"))
        .hasSize(100)
        .doesNotHaveDuplicates()
        .allMatch(c -> c.matches("P[0-9]-[0-9]"));
    one.refused(400, "Failed to generate 1 random new codes");
    assertThat(one.get("keySpace").asInt()).isEqualTo(100);
    assertThat(one.get("taken").asInt()).isEqualTo(100);
    assertThat(one.get("asked").asInt()).isEqualTo(1);
  }

  @Test
  void more_codes_than_the_pattern_has_are_refused_and_none_is_kept(Partner partner) {
    var book = partner.book();

    add(partner, book, "generated", json("amount", 11, "pattern", "Q{9}"))
        .refused(400, "Failed to generate 11 random new codes");
    add(partner, book, "generated", json("amount", 5_000, "pattern", "Q{9:3}"))
        .refused(400, "Failed to generate 5000 random new codes");

    assertThat(partner.count(book, "total")).isZero();
  }

  @Test
  void a_clash_is_named_and_nothing_of_the_request_is_kept(Partner partner) {
    var book = partner.bookOf(List.of("OLD-1", "OLD-2"));
    var other = partner.book();

    var refused =
        add(
                partner,
                other,
                "manual",
                List.of(code("NEW-1"), code("OLD-2"), code("OLD-1")),
                "generated",
                json("amount", 5))
            .refused(409, "Codes already exist");

    assertThat(refused.get("codes").values().stream().map(c -> c.asString()))
        .containsExactlyInAnyOrder("OLD-1", "OLD-2");
    assertThat(partner.count(other, "total")).isZero();
    assertThat(partner.count(book, "total")).isEqualTo(2);
  }

  @Test
  void no_codes_are_added_to_a_book_that_does_not_exist(Partner partner) {
    var nowhere = UUID.randomUUID().toString();

    add(partner, nowhere, "manual", List.of(code("LOST"))).refused(400, "Book not found");
    add(partner, nowhere, "generated", json("amount", 5_000)).refused(400, "Book not found");
  }

  @Test
  void many_codes_are_made_by_a_job_and_fetched_as_a_file(Partner partner) {
    var book = partner.book();
    var request =
        partner.submit(
            "/coupons/codes",
            json(
                "bookId",
                book,
                "manual",
                List.of(code("VIP-NAMED")),
                "generated",
                json("amount", 2_500, "pattern", "VIP-{#:9}")));

    var outcome = partner.outcome(request).is(201);

    assertThat(outcome.get("manual").asInt()).isEqualTo(1);
    assertThat(outcome.get("generated").asInt()).isEqualTo(2_500);
    assertThat(outcome.get("amount").asInt()).isEqualTo(2_501);
    var codes =
        Upload.rows(partner.download(outcome.get("links").path("codes").asString())).stream()
            .map(row -> row.get("code"))
            .toList();
    assertThat(codes).hasSize(2_501).doesNotHaveDuplicates().contains("VIP-NAMED");
    assertThat(codes)
        .allMatch(c -> c.equals("VIP-NAMED") || c.matches("VIP-[2-9A-HJKMNP-TV-Z]{9}"));
    assertThat(partner.count(book, "free")).isEqualTo(2_501);
    var state = partner.get(request).is(200);
    assertThat(state.text("status")).isEqualTo("succeeded");
    assertThat(state.get("progress").path("percent").asDouble()).isEqualTo(100);
    assertThat(codes).contains(partner.assign(book, "a@example.com").is(200).text("code"));
  }

  @Test
  void a_job_whose_named_code_clashes_keeps_nothing(Partner partner) {
    partner.bookOf(List.of("HERE-BEFORE"));
    var book = partner.book();

    add(partner, book, "manual", List.of(code("HERE-BEFORE")), "generated", json("amount", 2_000))
        .refused(409, "Codes already exist");

    assertThat(partner.count(book, "total")).isZero();
  }
}
