package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each program is killed in the middle of its work, and {@code ./coupons up} starts what is
 * missing: every request that was answered ends, the counts are exact, and nothing has happened
 * twice.
 */
@Order(Integer.MAX_VALUE)
@OwnHome
class KillStory {
  private static final String NONE_LEFT = "No available codes left in the book.";

  /** Starts the killed programs again, and checks that the others kept their processes. */
  private static void upAfterKillOf(Home home, String... killed) {
    var before = new LinkedHashMap<String, Long>();
    Home.PROGRAMS.forEach(program -> before.put(program, home.pid(program)));
    home.up();
    for (var program : Home.PROGRAMS) {
      if (List.of(killed).contains(program)) {
        assertThat(home.pid(program)).as(program).isNotEqualTo(before.get(program));
      } else {
        assertThat(home.pid(program)).as(program).isEqualTo(before.get(program));
      }
    }
  }

  private static List<String> submitAssigns(Partner partner, String book, int from, int to) {
    var requests = new ArrayList<String>();
    for (int i = from; i < to; i++) {
      requests.add(
          partner.submit(
              "/coupons/assign", json("bookId", book, "email", "user" + i + "@example.com")));
    }
    return requests;
  }

  /**
   * Waits until every request has ended; returns the codes that were given out, each of them once.
   */
  private static List<String> codesGiven(Partner partner, List<String> requests) {
    var given = new ArrayList<String>();
    for (var request : requests) {
      var outcome = partner.outcome(request);
      if (outcome.status() == 200) {
        given.add(outcome.text("code"));
      } else {
        outcome.refused(400, NONE_LEFT);
      }
    }
    assertThat(given).doesNotHaveDuplicates();
    return given;
  }

  private static byte[] bigFile(String prefix, int rows) {
    var file = new StringBuilder("code\n");
    for (int i = 0; i < rows; i++) {
      file.append(prefix).append(i).append('\n');
      if (i % 1_000 == 0) {
        file.append("not a code ").append(i).append('\n');
        file.append(prefix).append(i).append('\n');
      }
    }
    return file.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void assertWhole(Upload upload, int rows) {
    int bad = (rows + 999) / 1_000;
    var end = upload.endsAs("completed_with_rejects");
    Upload.assertRows(end, rows + 2 * bad, rows, bad, bad);
    assertThat(Upload.rows(upload.rejects())).hasSize(bad);
  }

  @Test
  @Timeout(300)
  void a_killed_worker_and_a_killed_import_go_on_where_they_were(Partner partner, Home home) {
    var filled = partner.bookOf(Partner.codes("WORK-", 250));
    var book = partner.book();
    var upload = partner.upload(book, bigFile("FILE-", 600_000));
    upload.isInTheMiddle();
    home.kill("ingest-batch");
    assertThat(upload.state().path("state").asString()).isEqualTo("running");
    var requests = new ArrayList<>(submitAssigns(partner, filled, 0, 150));
    home.kill("assign-worker");
    requests.addAll(submitAssigns(partner, filled, 150, 300));
    assertThat(partner.get(requests.getLast()).is(200).text("status")).isEqualTo("queued");

    upAfterKillOf(home, "ingest-batch", "assign-worker");

    assertThat(codesGiven(partner, requests)).hasSize(250);
    assertThat(partner.count(filled, "assigned")).isEqualTo(250);
    assertWhole(upload, 600_000);
    assertThat(partner.count(book, "free")).isEqualTo(600_000);
  }

  @Tag("long")
  @PlaysIn(
      value = HomeKind.EMBEDDED,
      because = "The edge does not know which cloud it has; the other home shows it.")
  @Test
  @Timeout(300)
  void requests_that_a_killed_edge_accepted_end_and_the_others_can_be_sent_again(
      Partner partner, Home home) throws Exception {
    var book = partner.bookOf(Partner.codes("EDGE-", 400));
    var answered = new ConcurrentHashMap<String, String>();
    var count = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 300; i++) {
        var body = json("bookId", book, "email", "user" + i + "@example.com");
        var key = "edge-" + i;
        threads.submit(() -> {
          answered.put(key, partner.submit("/coupons/assign", body, "Idempotency-Key", key));
          count.incrementAndGet();
        });
      }
      await().pollInterval(Duration.ofMillis(1)).until(() -> count.get() >= 100);
      home.kill("api-edge");
    }
    assertThat(answered).as("answered before the kill").hasSizeBetween(100, 299);

    upAfterKillOf(home, "api-edge");

    var requests = new HashSet<String>();
    for (int i = 0; i < 300; i++) {
      var body = json("bookId", book, "email", "user" + i + "@example.com");
      var location = partner.submit("/coupons/assign", body, "Idempotency-Key", "edge-" + i);
      assertThat(answered.getOrDefault("edge-" + i, location)).isEqualTo(location);
      requests.add(location);
    }
    assertThat(codesGiven(partner, List.copyOf(requests))).hasSize(300);
    assertThat(partner.count(book, "assigned")).isEqualTo(300);
  }

  private static final String LOCKS =
      """
      SELECT count(*)
      FROM coupon_lock l
      JOIN partner p ON p.id = l.partner_id
      WHERE p.name = ?
      """;

  @Tag("long")
  @Test
  @Timeout(300)
  void locks_end_without_a_sweep_and_the_next_sweep_removes_them(Partner partner, Home home) {
    var codes = Partner.codes("SWEEP-", 20);
    var book = partner.bookOf(codes, "lockSeconds", 1);
    for (var code : codes) {
      partner.assignCode(book, code, "ann@example.com").is(200);
      partner.lock(code, "ann@example.com").is(200);
    }
    home.sweepIsDue();
    home.kill("unlock-job");

    await("the locks' end")
        .atMost(Duration.ofSeconds(30))
        .until(() -> partner.count(book, "locked") == 0);
    partner.lock(codes.getFirst(), "ann@example.com").is(200);

    upAfterKillOf(home, "unlock-job");

    await("the sweep")
        // The event that the killed program had is delivered again after a minute.
        .atMost(Partner.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> home.number(LOCKS, partner.name()) == 0);
  }

  @Tag("long")
  @PlaysIn(
      value = HomeKind.EMBEDDED,
      because = "LocalStack keeps nothing: what it held is lost with its process.")
  @Test
  @Timeout(300)
  void a_killed_cloud_has_lost_nothing_that_was_answered(Partner partner, Home home) {
    var filled = partner.bookOf(Partner.codes("CLOUD-", 250));
    var book = partner.book();
    var upload = partner.upload(book, bigFile("STORE-", 300_000));
    upload.isInTheMiddle();
    var requests = submitAssigns(partner, filled, 0, 200);
    var plan = partner.planUpload(book, 10);

    home.kill("infra");

    var readiness = URI.create(partner.edge() + "/health/readiness");
    var missing =
        await("the edge missing its parts")
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> Answer.of(HttpRequest.newBuilder(readiness).build()),
                answer -> answer.status() == 503);
    assertThat(missing.get("missing")).isNotEmpty();
    var unkept = partner.sendOnce("POST", "/coupons", json("bookName", "Not kept"));
    unkept.isProblem(503);
    assertThat(Integer.parseInt(unkept.header("Retry-After"))).isPositive();

    upAfterKillOf(home, "infra");

    assertThat(codesGiven(partner, requests)).hasSize(200);
    assertThat(partner.count(filled, "assigned")).isEqualTo(200);
    assertWhole(upload, 300_000);
    assertThat(partner.count(book, "free")).isEqualTo(300_000);
    partner.put(plan, java.net.http.HttpRequest.BodyPublishers.ofString("AFTERWARD\n")).is(200);
    Upload.assertRows(
        new Upload(partner, plan.path("uploadId").asString()).endsAs("completed"), 1, 1, 0, 0);
    assertThat(partner.get("/coupons?limit=200").is(200).get("books")).hasSize(2);
  }

  @Tag("long")
  @PlaysIn(
      value = HomeKind.EMBEDDED,
      because = "The same parts as in the story of the import, and LocalStack is none of them.")
  @Test
  @Timeout(300)
  void an_import_completes_by_itself_after_all_programs_were_killed_at_once(
      Partner partner, Home home) {
    var book = partner.book();
    var upload = partner.upload(book, bigFile("ALL-", 300_000));
    upload.isInTheMiddle();
    var request = partner.submit("/coupons", json("bookName", UUID.randomUUID().toString()));

    Home.PROGRAMS.reversed().forEach(home::kill);
    upAfterKillOf(home, Home.PROGRAMS.toArray(String[]::new));

    partner.outcome(request).is(201);
    assertWhole(upload, 300_000);
    assertThat(partner.count(book, "free")).isEqualTo(300_000);
  }
}
