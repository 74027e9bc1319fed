package dev.couponbook.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.testing.Answers;
import dev.couponbook.cli.testing.Answers.Asked;
import dev.couponbook.cli.testing.TestHome;
import dev.couponbook.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class UploadTest {
  private static final String ASK = "POST /coupons/codes/uploads";

  @RegisterExtension static final TestHome home = new TestHome();
  @TempDir Path folder;

  private final Answers edge = new Answers();
  private Path csv;

  @BeforeAll
  static void addPartner() {
    home.rows().partner("demo");
    home.folder().withIssuer();
  }

  @BeforeEach
  void prepare() throws IOException {
    csv = Files.writeString(folder.resolve("codes.csv"), "code\nA\nB\n");
    home.folder().with("portBase", edge.port());
  }

  @AfterEach
  void close() {
    edge.close();
  }

  private void planOneRequest() {
    edge.to(
            ASK,
            201,
            """
            {"uploadId": "u", "method": "PUT", "url": "%s/bucket/u",
             "headers": {"content-length": "9", "x-amz-meta-book": "7"}}
            """
                .formatted(edge.url()))
        .to("PUT /bucket/u", 200, "");
  }

  private void state(String json) {
    edge.to("GET /coupons/codes/uploads/u", 200, json);
  }

  @Test
  void a_file_is_sent_as_the_plan_says_and_followed_to_its_end() {
    planOneRequest();
    state("{\"state\": \"awaiting_file\"}");
    state("{\"state\": \"running\", \"percent\": 50.0}");
    state(
        """
        {"state": "completed_with_rejects", "percent": 100.0, "rowsPerSecond": 2,
         "rows": {"read": 2, "accepted": 1, "duplicate": 0, "rejected": 1}}
        """);
    var ran =
        home.run(
            "upload",
            csv.toString(),
            "--book",
            "b",
            "--on-duplicate",
            "fail",
            "--dry-run",
            "--expiration",
            "2030-12-31T23:59:59Z");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE_WITH_REJECTS);
    assertThat(ran.out())
        .isEqualTo(
            "completed_with_rejects, 2 read, 1 accepted, 0 duplicate, 1 rejected, 2 rows/s\n");
    var asked = Json.mapper().readTree(edge.asked().getFirst().body());
    assertThat(asked)
        .isEqualTo(
            Json.mapper()
                .readTree(
                    """
                    {"bookId": "b", "fileName": "codes.csv", "contentLength": 9,
                     "onDuplicate": "fail", "dryRun": true, "expiration": "2030-12-31T23:59:59Z"}
                    """));
    var put = edge.asked().get(1);
    assertThat(put.request()).isEqualTo("PUT /bucket/u");
    assertThat(put.body()).isEqualTo("code\nA\nB\n");
    assertThat(put.header("x-amz-meta-book")).isEqualTo("7");
    assertThat(put.header("Authorization")).isNull();
  }

  @Test
  void what_is_known_of_the_file_is_sent_and_what_was_understood_is_shown() {
    planOneRequest();
    state(
        """
        {"state": "completed", "percent": 100.0, "rowsPerSecond": 2,
         "rows": {"read": 2, "accepted": 2, "duplicate": 0, "rejected": 0},
         "understood": {"header": true, "delimiter": ";", "codeColumn": "Nr", "trim": true,
                        "timeZone": "Europe/Berlin", "dateFormat": "dd.MM.yyyy",
                        "columnsPassedOver": ["note", 4]},
         "warnings": [{"warning": "markup", "rows": 1000, "example": "<a>", "message": "Check it"}]}
        """);
    var ran =
        home.run(
            "upload",
            csv.toString(),
            "--book",
            "b",
            "--max-rejects",
            "10",
            "--header",
            "--delimiter",
            "\\t",
            "--code-column",
            "Nr",
            "--expiration-column",
            "none",
            "--time-zone",
            "Europe/Berlin",
            "--date-format",
            "dd.MM.yyyy",
            "--trim");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out())
        .endsWith(
            """
              read as header, delimiter ;, code in Nr, no expirations as dd.MM.yyyy (Europe/Berlin), trimmed, passed over: note, 4
              warning: 1,000 x markup (<a>). Check it.
            """);
    assertThat(Json.mapper().readTree(edge.asked().getFirst().body()).path("layout"))
        .isEqualTo(
            Json.mapper()
                .readTree(
                    """
                    {"header": true, "delimiter": "\\t", "codeColumn": "Nr", "timeZone": "Europe/Berlin",
                     "dateFormat": "dd.MM.yyyy", "trim": true, "expirationColumn": null}
                    """));
    assertThat(Json.mapper().readTree(edge.asked().getFirst().body()).path("maxRejects").asInt())
        .isEqualTo(10);
  }

  @Test
  void an_import_that_an_operator_stops_is_no_longer_waited_for() {
    planOneRequest();
    state("{\"state\": \"stopped\", \"percent\": 50.0}");
    var ran = home.run("upload", csv.toString(), "--book", "b", "--json");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.STOPPED);
    assertThat(ran.json().path("uploadId").asString()).isEqualTo("u");
    assertThat(ran.json().path("state").asString()).isEqualTo("stopped");
  }

  @Test
  void a_state_of_a_newer_edge_ends_the_watching_with_its_name() {
    planOneRequest();
    state("{\"state\": \"resting\"}");
    var ran = home.run("upload", csv.toString(), "--book", "b");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).contains("'resting'");
  }

  @Test
  void without_waiting_the_exit_code_says_that_the_file_was_sent() {
    planOneRequest();
    state("{\"state\": \"queued\"}");
    var ran = home.run("upload", csv.toString(), "--book", "b", "--no-wait");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out()).startsWith("queued, 0 read");
  }

  @Test
  void a_large_file_goes_in_parts_and_a_part_that_breaks_off_goes_again() {
    edge.to(
            ASK,
            201,
            """
            {"uploadId": "u", "method": "PUT", "complete": "/coupons/codes/uploads/u/complete",
             "headers": {},
             "parts": [{"number": 1, "contentLength": 5, "url": "%s/bucket/u/1"},
                       {"number": 2, "contentLength": 4, "url": "%s/bucket/u/2"}]}
            """
                .formatted(edge.url(), edge.url()))
        .to("PUT /bucket/u/1", 200, "")
        .to("PUT /bucket/u/2", 500, "")
        .to("PUT /bucket/u/2", 200, "")
        .to("POST /coupons/codes/uploads/u/complete", 200, "{}");
    state("{\"state\": \"completed\"}");
    var ran = home.run("upload", csv.toString(), "--book", "b");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(edge.asked().stream().filter(asked -> asked.request().startsWith("PUT")))
        .extracting(Asked::body)
        .containsExactly("code\n", "A\nB\n", "A\nB\n");
  }

  @Test
  void a_bucket_that_refuses_the_file_ends_the_command() {
    edge.to(
            ASK,
            201,
            "{\"uploadId\": \"u\", \"method\": \"PUT\", \"url\": \"%s/bucket/u\", \"headers\": {}}"
                .formatted(edge.url()))
        .to("PUT /bucket/u", 403, "<Error/>");
    var ran = home.run("upload", csv.toString(), "--book", "b");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).contains("The bucket answered 403");
  }

  @Test
  void a_job_is_started_on_a_partners_behalf() {
    edge.to("POST /coupons/codes", 202, "{\"requestId\": \"r\"}");
    planOneRequest();
    var generated =
        home.run(
            "jobs",
            "start",
            "--partner",
            "demo",
            "--book",
            "b",
            "--generate",
            "20000",
            "--pattern",
            "A-####");
    assertThat(generated.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(generated.out()).isEqualTo("r\n");
    assertThat(edge.asked().getFirst().body())
        .contains("\"generated\":{\"amount\":20000,\"pattern\":\"A-####\"}");

    var imported =
        home.run(
            "jobs",
            "start",
            "--partner",
            "demo",
            "--book",
            "b",
            "--file",
            csv.toString(),
            "--json");
    assertThat(imported.out()).isEqualTo("{\"id\":\"u\"}\n");
  }

  @Test
  void what_is_no_job_and_what_cannot_be_read_is_a_usage_error() {
    var few = home.run("jobs", "start", "--partner", "demo", "--book", "b", "--generate", "10");
    assertThat(few.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(few.err()).contains("POST /coupons/codes returns them at once");
    var none = folder.resolve("none.csv").toString();
    assertThat(home.run("upload", none, "--book", "b").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(
            home.run("jobs", "start", "--partner", "demo", "--book", "b", "--file", none)
                .exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(edge.asked()).isEmpty();
  }
}
