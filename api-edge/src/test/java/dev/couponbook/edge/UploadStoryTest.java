package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.UploadMetadata;
import dev.couponbook.file.ColumnChoice;
import dev.couponbook.file.LoadOptions;
import dev.couponbook.file.StatedLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class UploadStoryTest {
  private static final String UPLOADS = "/coupons/codes/uploads";
  private static final String SHA256_HEX =
      "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";

  private final RunningEdge running = RunningEdge.shared();
  private final Client acme = running.acme();

  @AfterEach
  void empty_the_queue() {
    running.surroundings.take("coupon-loads");
  }

  @Test
  void a_plan_names_every_header_that_is_signed() {
    var plan =
        acme.post(
            UPLOADS,
            body(
                "\"fileName\":\"März 1.csv\",\"contentLength\":12,\"sha256\":\""
                    + SHA256_HEX
                    + "\",\"onDuplicate\":\"fail\",\"dryRun\":true,\"expiration\":\"2030-01-01T00:00:00+01:00\""));
    assertThat(plan.status()).as("%s", plan).isEqualTo(201);
    assertThat(plan.header("Cache-Control")).isEqualTo("no-store");
    assertThat(plan.at("/method")).isEqualTo("PUT");
    var upload = plan.at("/uploadId").substring(0, 36);
    assertThat(plan.at("/url"))
        .contains("/coupon-files/uploads/1/" + upload + ".csv?", "X-Amz-Expires=900");

    var headers = plan.json().at("/headers");
    assertThat(header(headers, "content-length")).isEqualTo("12");
    assertThat(header(headers, "content-type")).isEqualTo("text/csv");
    assertThat(header(headers, "if-none-match")).isEqualTo("*");
    assertThat(header(headers, "x-amz-checksum-sha256"))
        .isEqualTo("LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=")
        .isEqualTo(header(headers, "x-amz-meta-sha256"));
    assertThat(header(headers, "x-amz-meta-book")).isEqualTo(RunningEdge.BOOK);
    assertThat(header(headers, "x-amz-meta-partner")).isEqualTo("1");
    assertThat(header(headers, "x-amz-meta-upload")).isEqualTo(upload);
    assertThat(header(headers, "x-amz-meta-file-name")).isEqualTo("M%C3%A4rz%201.csv");
    assertThat(header(headers, "x-amz-meta-length")).isEqualTo("12");
    assertThat(header(headers, "x-amz-meta-on-duplicate")).isEqualTo("fail");
    assertThat(header(headers, "x-amz-meta-dry-run")).isEqualTo("true");
    assertThat(header(headers, "x-amz-meta-expiration")).isEqualTo("2029-12-31T23:00:00Z");

    var signed = plan.at("/url").replaceFirst(".*X-Amz-SignedHeaders=([^&]*).*", "$1").split("%3B");
    assertThat(headers.propertyNames())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(signed).filter(name -> !name.equals("host")).toList());
  }

  @Test
  void an_upload_waits_for_its_file_and_then_shows_how_far_it_is() {
    var id =
        acme.post(UPLOADS, body("\"fileName\":\"a.csv\",\"contentLength\":1000")).at("/uploadId");
    var awaited = acme.get(UPLOADS + "/" + id);
    assertThat(awaited.at("/state")).isEqualTo("awaiting_file");
    assertThat(awaited.at("/bookId")).isEqualTo(RunningEdge.BOOK);
    assertThat(running.other().get(UPLOADS + "/" + id).status()).isEqualTo(404);

    load(id, "running", 1000, "position");
    var state = acme.get(UPLOADS + "/" + id);
    assertThat(state.at("/state")).isEqualTo("running");
    assertThat(state.json().at("/percent").asDouble()).isEqualTo(25.0);
    assertThat(state.json().at("/rows/read").asInt()).isEqualTo(10);
    assertThat(state.json().at("/rows/accepted").asInt()).isEqualTo(7);
    assertThat(state.json().at("/rejectsByReason/bad_code").asInt()).isEqualTo(2);
    assertThat(state.at("/estimatedEnd")).matches("\\d{4}-.*Z");
    assertThat(state.json().at("/links").isEmpty()).isTrue();
    assertThat(acme.get(UPLOADS + "/" + id + "/rejects").status()).isEqualTo(404);

    running.surroundings.sql(
        "UPDATE code_load SET held_at = coupon_clock() WHERE public_id = '"
            + id.substring(0, 36)
            + "'");
    var stopped = acme.get(UPLOADS + "/" + id);
    assertThat(stopped.at("/state")).isEqualTo("stopped");
    assertThat(stopped.json().at("/percent").asDouble()).isEqualTo(25.0);
    assertThat(stopped.json().has("estimatedEnd")).isFalse();
    assertThat(stopped.header("Retry-After")).isNotEmpty();

    running.surroundings.sql(
        "UPDATE code_load SET held_at = NULL, state = 'completed_with_rejects', finished_at = coupon_clock(),"
            + " rejects_key = 'rejects/1/x.csv', summary_key = 'summaries/1/x.json' WHERE public_id = '"
            + id.substring(0, 36)
            + "'");
    var done = acme.get(UPLOADS + "/" + id);
    assertThat(done.json().at("/percent").asDouble()).isEqualTo(100.0);
    assertThat(done.json().has("estimatedEnd")).isFalse();
    var rejects = acme.get(done.at("/links/rejects"));
    assertThat(rejects.status()).isEqualTo(303);
    assertThat(rejects.header("Location")).contains("/coupon-files/rejects/1/x.csv?");
    assertThat(acme.get(done.at("/links/summary")).header("Location"))
        .contains("summaries/1/x.json?");
    assertThat(running.other().get(done.at("/links/rejects")).status()).isEqualTo(404);

    running.surroundings.bucket.end("rejects/1/x.csv");
    var gone = acme.get(done.at("/links/rejects"));
    assertThat(gone.status()).isEqualTo(410);
    assertThat(gone.at("/code")).isEqualTo("file_gone");
    assertThat(gone.header("Location")).isNull();
    assertThat(acme.get(done.at("/links/summary")).status()).as("another file").isEqualTo(303);
    assertThat(running.other().get(done.at("/links/rejects")).status()).isEqualTo(404);
  }

  @Test
  void cancel_and_undo_are_commands_for_the_jobs() {
    var id = acme.post(UPLOADS, body("\"fileName\":\"a.csv\",\"contentLength\":1")).at("/uploadId");
    assertThat(acme.send("POST", UPLOADS + "/" + id + "/cancel", null).status()).isEqualTo(202);
    assertThat(acme.post(UPLOADS + "/" + id + "/undo", "{}").status()).isEqualTo(202);
    assertThat(running.surroundings.take("coupon-loads"))
        .extracting(m -> m.command().kind())
        .containsExactlyInAnyOrder("cancel_load", "undo_load");
    var foreign = running.other().send("POST", UPLOADS + "/" + id + "/cancel", null);
    assertThat(foreign.status()).isEqualTo(404);
    assertThat(foreign.at("/error")).isEqualTo("Upload not found");
  }

  @Test
  void the_same_key_plans_the_same_upload() {
    var key = UUID.randomUUID().toString();
    var body = body("\"fileName\":\"a.csv\",\"contentLength\":1000");
    var first = acme.post(UPLOADS, body, "Idempotency-Key", key);
    var second = acme.post(UPLOADS, body, "Idempotency-Key", key);
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.at("/uploadId")).isEqualTo(first.at("/uploadId"));
    assertThat(acme.post(UPLOADS, body.replace("1000", "1001"), "Idempotency-Key", key).status())
        .isEqualTo(422);

    load(first.at("/uploadId"), "running", 1000, "position");
    var replayed = acme.post(UPLOADS, body, "Idempotency-Key", key);
    assertThat(replayed.at("/uploadId")).isEqualTo(first.at("/uploadId"));
    assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
  }

  @Test
  void a_closed_book_takes_no_file() {
    var book = UUID.randomUUID();
    running.surroundings.sql(
        """
        INSERT INTO coupon_book (public_id, partner_id, name, max_codes_per_user, max_redeems_per_user,
                                 lock_seconds, state)
        VALUES ('%s', 2, 'Over', 0, 1, 600, 'closed')
        """
            .formatted(book));
    var body = "{\"bookId\":\"" + book + "\",\"fileName\":\"a\",\"contentLength\":1}";
    var answer = running.other().post(UPLOADS, body);
    // Other stories count the books of this partner.
    running.surroundings.sql("DELETE FROM coupon_book WHERE public_id = '%s'".formatted(book));
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.at("/code")).isEqualTo("book_closed");
  }

  @Test
  void the_book_must_be_the_partners_own() {
    for (var book : new String[] {RunningEdge.FOREIGN_BOOK, UUID.randomUUID().toString()}) {
      var answer =
          acme.post(
              UPLOADS, "{\"bookId\":\"" + book + "\",\"fileName\":\"a\",\"contentLength\":1}");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.at("/error")).isEqualTo("Book not found");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"fileName\":\"a\",\"contentLength\":-1                  | 400 | contentLength",
        "\"fileName\":\"a\",\"contentLength\":68719476737         | 413 | contentLength",
        "\"fileName\":\"a\",\"contentLength\":1e3                 | 400 | contentLength",
        "\"fileName\":\"\",\"contentLength\":1                    | 400 | fileName",
        "\"fileName\":\"a\\nb\",\"contentLength\":1               | 400 | fileName",
        "\"fileName\":\"a\",\"contentLength\":1,\"sha256\":\"x\"  | 400 | sha256",
        "\"fileName\":\"a\",\"contentLength\":1,\"onDuplicate\":\"replace\" | 400 | onDuplicate",
        "\"fileName\":\"a\",\"contentLength\":1,\"dryRun\":\"yes\" | 400 | dryRun",
        "\"fileName\":\"a\",\"contentLength\":1,\"expiration\":\"2020-01-01T00:00:00Z\" | 400 | expiration",
        "\"fileName\":\"a\",\"contentLength\":1,\"maxRejects\":-1 | 400 | maxRejects",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":[] | 400 | layout",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"columns\":1} | 400 | layout.columns",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"header\":\"yes\"} | 400 | layout.header",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"delimiter\":\"\"} | 400 | layout.delimiter",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"delimiter\":\"a\"} | 400 | layout.delimiter",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"codeColumn\":0} | 400 | layout.codeColumn",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"codeColumn\":null} | 400 | layout.codeColumn",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"codeColumn\":\" \"} | 400 | layout.codeColumn",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"codeColumn\":1.5} | 400 | layout.codeColumn",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"codeColumn\":2,\"expirationColumn\":2} | 400 | layout.expirationColumn",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"header\":false,\"codeColumn\":\"a\"} | 400 | layout.codeColumn",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"timeZone\":\"Berlin\"} | 400 | layout.timeZone",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"dateFormat\":\"dd.MM.yyyy\"} | 400 | layout.timeZone",
        "\"fileName\":\"a\",\"contentLength\":1,\"layout\":{\"timeZone\":\"Z\",\"dateFormat\":\"dd.MM\"} | 400 | layout.dateFormat",
        "\"contentLength\":1                                      | 400 | fileName",
        "\"fileName\":\"a\"                                       | 400 | contentLength",
      })
  void a_wrong_member_is_named(String members, int status, String field) {
    var answer = acme.post(UPLOADS, body(members));
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.at("/field")).isEqualTo(field);
  }

  @Test
  void what_is_stated_of_the_file_is_signed_with_it() {
    var plan =
        acme.post(
            UPLOADS,
            body(
                """
                "fileName":"a.csv","contentLength":9,"maxRejects":5,
                "layout":{"header":true,"delimiter":";","codeColumn":"Gutschein","expirationColumn":null,
                          "timeZone":"Europe/Berlin","dateFormat":"dd.MM.yyyy","trim":true}
                """));
    assertThat(plan.status()).as("%s", plan).isEqualTo(201);
    var metadata = new HashMap<String, String>();
    for (var header : plan.json().at("/headers").properties()) {
      metadata.put(header.getKey().replaceFirst("x-amz-meta-", ""), header.getValue().asString());
    }
    assertThat(UploadMetadata.of(metadata).options())
        .isEqualTo(
            new LoadOptions(
                false,
                false,
                null,
                5L,
                new StatedLayout(
                    true,
                    ';',
                    new ColumnChoice.Named("Gutschein"),
                    ColumnChoice.None.NONE,
                    "Europe/Berlin",
                    "dd.MM.yyyy",
                    true)));
    var left = acme.post(UPLOADS, body("\"fileName\":\"a\",\"contentLength\":9,\"layout\":{}"));
    assertThat(left.json().at("/headers").has("x-amz-meta-layout")).isFalse();
  }

  @Test
  void longest_layout_and_name_still_fit_into_the_objects_metadata() {
    var column = "c".repeat(100);
    var plan =
        acme.post(
            UPLOADS,
            body(
                "\"fileName\":\"%s\",\"contentLength\":9,\"layout\":{\"codeColumn\":\"%s\",\"expirationColumn\":\"%s2\"}"
                    .formatted("ä".repeat(170), column, column.substring(1))));
    assertThat(plan.status()).as("%s", plan).isEqualTo(201);
    int bytes =
        plan.json()
            .at("/headers")
            .propertyStream()
            .filter(header -> header.getKey().startsWith("x-amz-meta-"))
            .mapToInt(h -> h.getKey().length() - 11 + h.getValue().asString().length())
            .sum();
    assertThat(bytes).as("of the 2 KiB that a bucket takes").isLessThan(2_048);
    var longer =
        acme.post(
            UPLOADS,
            body(
                "\"fileName\":\"a\",\"contentLength\":9,\"layout\":{\"codeColumn\":\"%s\",\"expirationColumn\":\"%s\"}"
                    .formatted("ä".repeat(100), "ö".repeat(100))));
    assertThat(longer.status()).isEqualTo(400);
    assertThat(longer.at("/field")).isEqualTo("layout");
  }

  @Test
  void state_says_what_was_understood_and_what_looks_wrong() {
    var id =
        acme.post(UPLOADS, body("\"fileName\":\"a.csv\",\"contentLength\":1000")).at("/uploadId");
    assertThat(acme.get(UPLOADS + "/" + id).json().has("understood")).isFalse();
    load(id, "running", 1000, "a.csv");
    running.surroundings.sql(
        """
        UPDATE code_load SET layout = '{"gzip":false,"delimiter":";","possibleDelimiters":";","columns":["Code","note"],"fields":2,"codeColumn":0,
          "expirationColumn":-1,"trim":false,"apostrophes":false,"bodyStart":10,"headerLines":1}'
        WHERE public_id = '%s';
        INSERT INTO code_warning_count (load_id, part, warning, rows, example)
        SELECT id, p, 'spreadsheet_error', 2, '#N/A' FROM code_load, generate_series(0, 1) p WHERE public_id = '%s'
        """
            .formatted(id.substring(0, 36), id.substring(0, 36)));
    var state = acme.get(UPLOADS + "/" + id).json();
    assertThat(state.path("understood"))
        .hasToString(
            "{\"header\":true,\"delimiter\":\";\",\"codeColumn\":\"Code\",\"trim\":false,\"columnsPassedOver\":[\"note\"]}");
    assertThat(state.at("/warnings/0/warning").asString()).isEqualTo("spreadsheet_error");
    assertThat(state.at("/warnings/0/rows").asInt()).isEqualTo(4);
    assertThat(state.at("/warnings/0/example").asString()).isEqualTo("#N/A");
    assertThat(state.at("/warnings/0/message").asString()).contains("errors of a spreadsheet");
    assertThat(state.path("warnings").size()).isEqualTo(1);
  }

  private static String header(JsonNode headers, String name) {
    return headers.path(name).asString();
  }

  private static String body(String members) {
    return "{\"bookId\":\"" + RunningEdge.BOOK + "\"," + members + "}";
  }

  private void load(String uploadId, String state, int bytes, String fileName) {
    var id = uploadId.substring(0, 36);
    running.surroundings.sql(
        """
        INSERT INTO code_load (public_id, partner_id, book_id, kind, state, file_name, bytes_total, started_at)
        VALUES ('%s', 1, 1, 'import', '%s', '%s', %d, coupon_clock() - interval '10 seconds');
        INSERT INTO code_load_part (load_id, part, partner_id, range_from, range_to, position, bytes,
                                    rows_read, rows_accepted, rows_duplicate, rows_rejected)
        SELECT id, 0, 1, 0, %d, %d / 4, %d / 4, 10, 7, 1, 2 FROM code_load WHERE public_id = '%s';
        INSERT INTO code_reject_count (load_id, part, reason, rows)
        SELECT id, 0, 'bad_code', 2 FROM code_load WHERE public_id = '%s'
        """
            .formatted(id, state, fileName, bytes, bytes, bytes, bytes, id, id));
  }
}
