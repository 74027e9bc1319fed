package dev.couponbook.story;

import static dev.couponbook.story.Upload.assertRows;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is in a file, its load ends: with codes, with rejected rows, or with a reason. */
class BadFileStory {
  private static final int GIGABYTE = 1 << 30;
  // -Xmx256m, plus what a JVM needs besides its heap.
  private static final long MOST_MEGABYTES = 700;

  private static byte[] bytes(String... texts) {
    return String.join("", texts).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String failure(Upload upload) {
    var reason = upload.endsAs("failed").path("reason").asString();
    assertThat(reason).contains(" ").doesNotContain("Exception", "dev.couponbook");
    return reason;
  }

  private static List<String> reasons(Upload upload) {
    return Upload.rows(upload.rejects()).stream()
        .map(row ->
            row.get("reject_line")
                + " "
                + row.get("reject_byte_offset")
                + " "
                + row.get("reject_reason"))
        .toList();
  }

  @Test
  void an_empty_file_fails_with_the_reason(Partner partner) {
    assertThat(failure(partner.upload(partner.book(), ""))).contains("empty");
    assertThat(failure(partner.upload(partner.book(), bytes("\u00ef\u00bb\u00bf")))).isNotBlank();
  }

  @Test
  void a_file_with_only_a_header_completes_without_codes(Partner partner) {
    assertRows(partner.upload(partner.book(), "code,expiration\n").endsAs("completed"), 0, 0, 0, 0);
    assertRows(partner.upload(partner.book(), "code\r\n\r\n\n").endsAs("completed"), 0, 0, 0, 0);
  }

  @Test
  void a_byte_order_mark_and_windows_line_ends_are_not_part_of_a_code(Partner partner) {
    var book = partner.book();

    assertRows(
        partner
            .upload(
                book,
                bytes("\u00ef\u00bb\u00bf", "code,expiration\r\n", "BOM-1,\r\n", "BOM-2,\r\n"))
            .endsAs("completed"),
        2,
        2,
        0,
        0);
    assertRows(
        partner
            .upload(book, bytes("\u00ef\u00bb\u00bf", "BOM-3\r\n", "BOM-4\n", "BOM-5"))
            .endsAs("completed"),
        3,
        3,
        0,
        0);

    for (int i = 1; i <= 5; i++) {
      partner.assignCode(book, "BOM-" + i, "ann@example.com").is(200);
    }
  }

  @Test
  void a_lone_carriage_return_does_not_end_a_line(Partner partner) {
    var upload = partner.upload(partner.book(), bytes("code\n", "CR-1\rCR-2\n", "CR-3\n"));

    assertRows(upload.endsAs("completed_with_rejects"), 2, 1, 0, 1);
    assertThat(reasons(upload)).containsExactly("2 5 invalid_code");
  }

  @Test
  void bad_utf_8_costs_its_own_line(Partner partner) {
    var upload =
        partner.upload(
            partner.book(),
            bytes("code\n", "GOOD-1\n", "BAD-\u00ff\u00fe\n", "GOOD-2\n", "CUT-\u00c3"));

    assertRows(upload.endsAs("completed_with_rejects"), 4, 2, 0, 2);
    assertThat(reasons(upload)).containsExactly("3 12 bad_utf8", "5 26 bad_utf8");
  }

  @Test
  void an_open_quote_costs_the_lines_up_to_the_one_that_closes_it(Partner partner) {
    var book = partner.book();
    var upload =
        partner.upload(
            book,
            bytes(
                "code,note\n",
                "S-1,\"Gift for\n",
                "VIP-ONLY\n",
                "friends\"\n",
                "GOOD-1,\n",
                "\"SHUT\"x,\n",
                "\"GOOD-2\",\n",
                "\"LAST"));

    assertRows(upload.endsAs("completed_with_rejects"), 5, 2, 0, 3);
    assertThat(reasons(upload))
        .containsExactly("2 10 open_quote", "6 50 text_after_quote", "8 69 open_quote");
    partner.assignCode(book, "VIP-ONLY", "ann@example.com").is(404);
  }

  @Test
  void a_file_that_could_be_meant_in_two_ways_fails_before_its_first_row(Partner partner) {
    var book = partner.book();
    assertThat(failure(partner.upload(book, "Nr;Bemerkung\nA1;x\nA2;y\n")))
        .contains("layout.codeColumn");
    assertThat(failure(partner.upload(book, "code;ends\nA1;2036-12-31\n")))
        .contains("layout.expirationColumn: ends");
    assertThat(failure(partner.upload(book, "code,expiration\n" + "A1,31.12.2036\n".repeat(30))))
        .contains("invalid_expiration", "layout.dateFormat");
    assertThat(partner.count(book, "total")).isZero();
  }

  @Test
  void a_file_that_is_not_utf_8_at_all_fails_with_the_reason(Partner partner) {
    var text = "code\nWIDE-1\nWIDE-2\n";

    assertThat(failure(partner.upload(partner.book(), text.getBytes(StandardCharsets.UTF_16))))
        .contains("UTF");
    assertThat(failure(partner.upload(partner.book(), text.getBytes(StandardCharsets.UTF_16LE))))
        .contains("UTF");
  }

  @Test
  void bytes_that_mean_nothing_are_rejected_row_by_row_or_as_a_whole(Partner partner) {
    var noise = new byte[200_000];
    new java.util.Random(7).nextBytes(noise);
    // So that it does not begin like a known format by chance.
    noise[0] = 'x';

    var end = partner.upload(partner.book(), noise).end();

    assertThat(end.path("state").asString()).isIn("completed_with_rejects", "failed");
  }

  @Test
  void an_over_long_line_and_an_over_long_field_are_rejected(Partner partner) {
    var upload =
        partner.upload(
            partner.book(),
            bytes(
                "code,note\n",
                "GOOD-1,\n",
                "LONG-1," + "x".repeat(70_000) + "\n",
                "LONG-2," + "x".repeat(2_000) + "\n",
                "x".repeat(65) + ",\n",
                "GOOD-2,\n"));

    assertRows(upload.endsAs("completed_with_rejects"), 5, 2, 0, 3);
    assertThat(Upload.rows(upload.rejects()).stream().map(row -> row.get("reject_reason")))
        .containsExactly("line_too_long", "field_too_long", "invalid_code");
  }

  @Tag("long")
  @Test
  @Timeout(300)
  void a_line_of_a_gigabyte_is_rejected_in_bounded_memory(Partner partner, Home home) {
    var book = partner.book();
    var head = bytes("code\n", "BEFORE\n");
    var tail = bytes("\n", "BEHIND\n");
    long length = head.length + (long) GIGABYTE + tail.length;
    var plan = partner.planUpload(book, length);
    partner.putParts(plan, gigabyte(head, tail));

    var upload = new Upload(partner, plan.path("uploadId").asString());

    assertRows(upload.endsAs("completed_with_rejects"), 3, 2, 0, 1);
    assertThat(reasons(upload)).containsExactly("3 12 line_too_long");
    assertThat(home.residentMegabytes("ingest-batch")).isLessThan(MOST_MEGABYTES);
    assertThat(home.residentMegabytes("infra")).isLessThan(MOST_MEGABYTES + 300);
    partner.assignCode(book, "BEHIND", "ann@example.com").is(200);
  }

  private static InputStream gigabyte(byte[] head, byte[] tail) {
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new ByteArrayInputStream(head),
                new Endless('x', GIGABYTE),
                new ByteArrayInputStream(tail))));
  }

  @Test
  void a_cell_that_a_spreadsheet_would_run_comes_back_harmless_and_can_be_sent_again(
      Partner partner) {
    var book = partner.book();
    var upload =
        partner.upload(book, "code,expiration\n=cmd|calc,never\n@SUM(A1),\n+1 +1,\n-2,never\n");

    var rejects = upload.rejects();

    assertThat(Upload.rows(rejects).stream().map(row -> row.get("code")))
        .containsExactly("'=cmd|calc", "'+1 +1", "'-2");
    assertRows(
        partner
            .upload(book, rejects.replace("never", "").replace("+1 +1", "+1+1"))
            .endsAs("completed"),
        3,
        3,
        0,
        0);
    partner.assignCode(book, "=cmd|calc", "ann@example.com").is(200);
    partner.assignCode(book, "@SUM(A1)", "ann@example.com").is(200);
    partner.assignCode(book, "+1+1", "ann@example.com").is(200);
  }

  @Test
  void events_that_do_not_come_from_our_uploads_stop_nothing(Partner partner, Home home) {
    for (var event :
        List.of(
            "not JSON",
            "{}",
            "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"coupon-files\"}",
            record("ObjectCreated:Put", "coupon-files", "uploads/1/none.csv"),
            record("ObjectCreated:Put", "other-bucket", "uploads/1/none.csv"),
            record("ObjectRemoved:Delete", "coupon-files", "uploads/1/none.csv"))) {
      home.sendMessage("coupon-uploads", event);
    }

    assertRows(partner.upload(partner.book(), "AFTER-1\n").endsAs("completed"), 1, 1, 0, 0);
  }

  private static String record(String event, String bucket, String key) {
    return """
    {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-central-1",\
    "eventTime":"2026-01-01T00:00:00.000Z","eventName":"%s",\
    "s3":{"s3SchemaVersion":"1.0","bucket":{"name":"%s","arn":"arn:aws:s3:::%s"},\
    "object":{"key":"%s","size":1,"eTag":"d41d8cd98f00b204e9800998ecf8427e","sequencer":"0"}}}]}\
    """
        .formatted(event, bucket, bucket, key);
  }
}
