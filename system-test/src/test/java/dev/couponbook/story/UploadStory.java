package dev.couponbook.story;

import static dev.couponbook.story.Upload.assertRows;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A partner sends a file of codes, and corrects its mistakes. */
class UploadStory {
  private static String file(String... lines) {
    return String.join("\n", lines) + "\n";
  }

  private static String numbered(String prefix, int rows) {
    return IntStream.range(0, rows)
        .mapToObj(i -> prefix + i)
        .collect(Collectors.joining("\n", "code\n", "\n"));
  }

  @Test
  void good_rows_become_codes_and_bad_ones_come_back_to_be_corrected(Partner partner) {
    var book = partner.bookOf(List.of("HERE-BEFORE"));
    var upload =
        partner.upload(
            book,
            file(
                "code,expiration",
                "GOOD-1,",
                "GOOD-2,2036-12-31T23:59:59Z",
                "bad code,2036-12-31T23:59:59Z",
                "GOOD-1,",
                "HERE-BEFORE,",
                ",2036-12-31T23:59:59Z",
                "",
                "GOOD-3,yesterday",
                "=1+1,",
                "\\.,",
                "GOOD-4,2001-01-01T00:00:00Z"));

    var end = upload.endsAs("completed_with_rejects");

    assertRows(end, 10, 4, 2, 4);
    assertThat(end.path("bookId").asString()).isEqualTo(book);
    assertThat(end.path("rejectsByReason").propertyNames())
        .containsExactlyInAnyOrder("invalid_code", "no_code", "invalid_expiration", "expired");
    assertThat(partner.count(book, "free")).isEqualTo(5);
    var rejects = Upload.rows(upload.rejects());
    assertThat(rejects.getFirst().getParser().getHeaderNames())
        .containsExactly(
            "code",
            "expiration",
            "reject_line",
            "reject_byte_offset",
            "reject_reason",
            "reject_message",
            "reject_hint");
    assertThat(rejects.stream().map(r -> r.get("reject_line") + " " + r.get("reject_reason")))
        .containsExactly("4 invalid_code", "7 no_code", "9 invalid_expiration", "12 expired");
    assertThat(rejects.getFirst().get("reject_byte_offset")).isEqualTo("52");
    assertThat(rejects)
        .allSatisfy(r -> assertThat(r.get("reject_message") + r.get("reject_hint")).isNotBlank());

    var corrected =
        upload
            .rejects()
            .replace("bad code,", "MENDED-1,")
            .replace("\n\"\",2036", "\nMENDED-2,2036")
            .replace("GOOD-3,yesterday", "MENDED-3,2036-01-01T00:00:00+02:00")
            .replace("GOOD-4,2001", "MENDED-4,2036");

    assertRows(partner.upload(book, corrected).endsAs("completed"), 4, 4, 0, 0);
    assertThat(partner.count(book, "free")).isEqualTo(9);
    partner.assignCode(book, "MENDED-4", "a@example.com").is(200);
    partner.assignCode(book, "\\.", "a@example.com").is(200);
    partner.assignCode(book, "=1+1", "a@example.com").is(200);
  }

  @Test
  void a_file_needs_no_header_and_may_choose_its_delimiter(Partner partner) {
    var book = partner.book();

    assertRows(partner.upload(book, "BARE-1\nBARE-2").endsAs("completed"), 2, 2, 0, 0);
    assertRows(
        partner
            .upload(
                book,
                file("name;expiration;code", "Ann;2036-01-01T00:00:00Z;SEMI-1", "Bob;;SEMI-2"))
            .endsAs("completed"),
        2,
        2,
        0,
        0);

    partner.assignCode(book, "SEMI-1", "a@example.com").is(200);
    assertThat(expiration(partner.codesOf(book, "a@example.com"), "SEMI-1"))
        .isEqualTo("2036-01-01T00:00:00Z");
  }

  @Test
  void a_partner_states_what_its_file_means_and_reads_what_was_understood(Partner partner) {
    var book = partner.book();
    var upload =
        partner.upload(
            book,
            file("Nr;Bemerkung;Bis", " DE-1 ;x;31.12.2036", "#N/A;y;"),
            "layout",
            Map.of(
                "codeColumn", "Nr",
                "expirationColumn", "Bis",
                "timeZone", "Europe/Berlin",
                "dateFormat", "dd.MM.yyyy",
                "trim", true));

    var end = upload.endsAs("completed");

    assertRows(end, 2, 2, 0, 0);
    assertThat(end.at("/understood/codeColumn").asString()).isEqualTo("Nr");
    assertThat(end.at("/understood/columnsPassedOver/0").asString()).isEqualTo("Bemerkung");
    assertThat(end.at("/warnings/0/warning").asString()).isEqualTo("spreadsheet_error");
    partner.assignCode(book, "DE-1", "a@example.com").is(200);
    assertThat(expiration(partner.codesOf(book, "a@example.com"), "DE-1"))
        .isEqualTo("2036-12-31T22:59:59.999999Z");
  }

  @Test
  void the_uploads_expiration_is_for_lines_without_one(Partner partner) {
    var book = partner.book();
    partner
        .upload(
            book,
            file("code,expiration", "OWN,2037-01-01T00:00:00Z", "NONE,"),
            "expiration",
            "2036-06-01T00:00:00Z")
        .endsAs("completed");
    partner.assignCode(book, "OWN", "a@example.com").is(200);
    partner.assignCode(book, "NONE", "a@example.com").is(200);

    var held = partner.codesOf(book, "a@example.com");

    assertThat(expiration(held, "OWN")).isEqualTo("2037-01-01T00:00:00Z");
    assertThat(expiration(held, "NONE")).isEqualTo("2036-06-01T00:00:00Z");
  }

  private static String expiration(Map<String, JsonNode> held, String code) {
    return Objects.requireNonNull(held.get(code), code).path("expiration").asString();
  }

  @Test
  void an_upload_waits_for_its_file(Partner partner) {
    var book = partner.book();
    var before = Instant.now();

    var plan = partner.planUpload(book, 7);

    assertThat(plan.path("method").asString()).isEqualTo("PUT");
    assertThat(Instant.parse(plan.path("expiresAt").asString()))
        .isBetween(before.plusSeconds(14 * 60), Instant.now().plusSeconds(15 * 60 + 5));
    var upload = new Upload(partner, plan.path("uploadId").asString());
    assertThat(upload.state().path("state").asString()).isEqualTo("awaiting_file");
    assertThat(upload.state().path("bookId").asString()).isEqualTo(book);
    partner.put(plan, BodyPublishers.ofString("LATE-1\n")).is(200);
    assertRows(upload.endsAs("completed"), 1, 1, 0, 0);
  }

  @Test
  void an_upload_that_is_cancelled_before_its_file_comes_is_not_loaded(Partner partner) {
    var book = partner.book();
    var plan = partner.planUpload(book, 8);
    var upload = new Upload(partner, plan.path("uploadId").asString());
    partner.post(upload.path() + "/undo", "").isProblem(409);
    partner.post(upload.path() + "/cancel", "").is(200);
    assertThat(upload.state().path("state").asString()).isEqualTo("cancelled");
    partner.put(plan, BodyPublishers.ofString("NEVER-1\n")).is(200);
    assertRows(partner.upload(book, "AFTER-1\n").endsAs("completed"), 1, 1, 0, 0);
    assertThat(upload.state().path("state").asString()).isEqualTo("cancelled");
    assertThat(partner.count(book, "total")).isEqualTo(1);
  }

  @Test
  void a_file_is_what_was_signed_or_it_is_refused(Partner partner) throws Exception {
    var book = partner.book();
    var content = "SIGNED-1\nSIGNED-2\n".getBytes(StandardCharsets.UTF_8);
    var sum =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(content));

    var longer = partner.planUpload(book, content.length - 1);
    assertThat(partner.put(longer, BodyPublishers.ofByteArray(content)).status()).isEqualTo(403);
    var changed = partner.planUpload(book, content.length, "sha256", sum);
    var forged = "FORGED-1\nFORGED-2\n".getBytes(StandardCharsets.UTF_8);
    assertThat(partner.put(changed, BodyPublishers.ofByteArray(forged)).status()).isEqualTo(400);
    var whole = partner.planUpload(book, content.length, "sha256", sum);
    partner.put(whole, BodyPublishers.ofByteArray(content)).is(200);
    assertThat(partner.put(whole, BodyPublishers.ofByteArray(forged)).status())
        .as("a second file in place of the first")
        .isGreaterThanOrEqualTo(400);

    assertRows(
        new Upload(partner, whole.path("uploadId").asString()).endsAs("completed"), 2, 2, 0, 0);
    assertThat(partner.count(book, "total")).isEqualTo(2);
  }

  @Test
  void a_dry_run_reports_everything_and_keeps_nothing(Partner partner) {
    var book = partner.bookOf(List.of("HERE-BEFORE"));

    var upload =
        partner.upload(
            book,
            file("code", "DRY-1", "DRY-1", "HERE-BEFORE", "not dry", "DRY-2"),
            "dryRun",
            true);

    assertRows(upload.endsAs("completed_with_rejects"), 5, 2, 2, 1);
    assertThat(Upload.rows(upload.rejects())).hasSize(1);
    assertThat(partner.count(book, "total")).isEqualTo(1);
    assertRows(
        partner.upload(book, file("code", "DRY-1", "DRY-2")).endsAs("completed"), 2, 2, 0, 0);
  }

  @Test
  void one_existing_code_fails_the_file_if_the_partner_asked_for_that(Partner partner) {
    var book = partner.bookOf(List.of("HERE-BEFORE"));

    var end =
        partner
            .upload(book, file("code", "ALL-1", "HERE-BEFORE", "ALL-2"), "onDuplicate", "fail")
            .endsAs("failed");

    assertThat(end.path("reason").asString()).isNotBlank();
    assertThat(partner.count(book, "total")).isEqualTo(1);
    assertRows(
        partner
            .upload(book, file("code", "ALL-1", "ALL-2"), "onDuplicate", "fail")
            .endsAs("completed"),
        2,
        2,
        0,
        0);
  }

  @Test
  void an_undo_removes_codes_that_nobody_holds(Partner partner) {
    var book = partner.bookOf(List.of("STAYS"));
    var upload = partner.upload(book, numbered("UNDO-", 50));
    upload.endsAs("completed");
    partner.assignCode(book, "UNDO-7", "a@example.com").is(200);
    partner.post(upload.path() + "/cancel", "").isProblem(409);

    var undone = partner.post(upload.path() + "/undo", "").is(200);

    assertThat(undone.get("removed").asInt()).isEqualTo(49);
    assertThat(undone.get("kept").asInt()).isEqualTo(1);
    assertThat(undone.get("keptBecause").path("assigned").asInt()).isEqualTo(1);
    upload.endsAs("undone");
    assertThat(partner.count(book, "total")).isEqualTo(2);
    assertThat(partner.count(book, "free")).isEqualTo(1);
    partner.assignCode(book, "UNDO-8", "a@example.com").refused(404, "Code not found");
    assertRows(partner.upload(book, numbered("UNDO-", 50)).endsAs("completed"), 50, 49, 1, 0);
  }

  @Test
  void a_cancelled_import_stops_and_can_be_undone(Partner partner) {
    var book = partner.book();
    var upload = partner.upload(book, numbered("STOP-", 600_000));
    upload.isInTheMiddle();
    partner.post(upload.path() + "/undo", "").isProblem(409);

    partner.post(upload.path() + "/cancel", "").is(200);

    var end = upload.endsAs("cancelled");
    long accepted = end.path("rows").path("accepted").asLong();
    assertThat(accepted).isBetween(1L, 599_999L);
    assertThat(partner.count(book, "free")).isEqualTo(accepted);
    partner.post(upload.path() + "/cancel", "").isProblem(409);
    assertThat(partner.post(upload.path() + "/undo", "").is(200).get("removed").asLong())
        .isEqualTo(accepted);
    assertThat(partner.count(book, "total")).isZero();
  }

  @Test
  void an_upload_that_was_never_asked_for_is_not_found(Partner partner) {
    for (var id : List.of("no-id", UUID.randomUUID().toString())) {
      partner.get("/coupons/codes/uploads/" + id).refused(404, "Upload not found");
      partner.get("/coupons/codes/uploads/" + id + "/rejects").isProblem(404);
      partner.post("/coupons/codes/uploads/" + id + "/cancel", "").isProblem(404);
      partner.post("/coupons/codes/uploads/" + id + "/undo", "").isProblem(404);
    }
    partner
        .post(
            "/coupons/codes/uploads",
            Partner.json(
                "bookId",
                UUID.randomUUID().toString(),
                "fileName",
                "codes.csv",
                "contentLength",
                10))
        .refused(404, "Book not found");
  }
}
