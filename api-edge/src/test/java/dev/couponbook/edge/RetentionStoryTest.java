package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.CommandMessage;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.Client.Answer;
import dev.couponbook.edge.id.RequestIdKey;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.upload.OldUpload;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a partner is told about a request whose answer is no longer kept, or no longer true. */
class RetentionStoryTest {
  private static final PartnerId ACME = new PartnerId(1);
  private static final String ASSIGN =
      "{\"bookId\":\"" + RunningEdge.BOOK + "\",\"email\":\"ann@example.com\"}";
  private static final String GENERATE =
      "{\"bookId\":\"" + RunningEdge.BOOK + "\",\"generated\":{\"amount\":5000}}";

  private final RunningEdge running = RunningEdge.shared();
  private final Client acme = running.acme();
  private final RequestIds ids = new RequestIds(RequestIdKey.of(new byte[32]));

  @AfterEach
  void empty_the_queues() {
    running.surroundings.take("coupon-commands");
    running.surroundings.take("coupon-loads");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_request_whose_answer_was_dropped_has_expired(boolean withKey) {
    var kept =
        withKey
            ? acme.post("/coupons/assign", ASSIGN, "Idempotency-Key", UUID.randomUUID().toString())
            : acme.post("/coupons/assign", ASSIGN);
    assertThat(acme.get(location(kept)).at("/status")).isEqualTo("queued");
    var message = running.surroundings.awaitMessage("coupon-commands");
    running.answer(message, 200, "{\"code\":\"X\"}");
    assertThat(acme.get(location(kept)).at("/status")).isEqualTo("succeeded");
    forget(message);
    var expired = acme.get(location(kept));
    assertThat(expired.status()).as("%s", expired).isEqualTo(410);
    assertThat(expired.json()).isEqualTo(ExamplesTest.examples().get("request_expired 410"));
    assertThat(expired.header("Content-Type")).startsWith("application/problem+json");
    assertThat(running.other().get(location(kept)).status()).isEqualTo(404);
  }

  @Test
  void a_key_that_comes_again_after_its_answer_was_dropped_is_refused() {
    var key = UUID.randomUUID().toString();
    acme.post("/coupons/assign", ASSIGN, "Idempotency-Key", key);
    var message = running.surroundings.awaitMessage("coupon-commands");
    running.answer(message, 200, "{\"code\":\"X\"}");
    forget(message);
    for (var path :
        List.of(
            "/coupons/assign",
            "/coupons/assign/X",
            "/coupons/lock/X",
            "/coupons/unlock/X",
            "/coupons/redeem/X",
            "/coupons/codes/uploads")) {
      var body =
          path.endsWith("uploads")
              ? "{\"bookId\":\""
                  + RunningEdge.BOOK
                  + "\",\"fileName\":\"a.csv\",\"contentLength\":1}"
              : path.startsWith("/coupons/assign") ? ASSIGN : "{\"email\":\"ann@example.com\"}";
      var refused = acme.post(path, body, "Idempotency-Key", key);
      assertThat(refused.status()).as("%s: %s", path, refused).isEqualTo(409);
      assertThat(refused.at("/code")).isEqualTo("idempotency_key_expired");
    }
    assertThat(running.surroundings.take("coupon-commands")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"27,200", "29,410"})
  void a_request_older_than_a_queue_keeps_messages_is_not_queued(int days, int status) {
    assertThat(
            acme.get(
                    "/requests/"
                        + ids.text(
                            ACME, new RequestId(OldUpload.madeBefore(Duration.ofDays(days)))))
                .status())
        .isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "completed, succeeded",
    "cancelled, succeeded",
    "failed, failed",
    "undone, undone",
    "running, running"
  })
  void what_a_job_made_is_known_longer_than_its_answer(String load, String status) {
    var kept = acme.post("/coupons/codes", GENERATE);
    var message = running.surroundings.awaitMessage("coupon-loads");
    load(message, load);
    var known = acme.get(location(kept));
    assertThat(known.at("/status")).isEqualTo(status);
    assertThat(known.at("/progress/state")).isEqualTo(load);
    assertThat(known.json().has("outcome")).isFalse();
    assertThat(known.response().headers().firstValue("Retry-After").isPresent())
        .isEqualTo(load.equals("running"));
  }

  @Test
  void a_job_that_was_undone_says_so_and_its_codes_are_gone() {
    var kept = acme.post("/coupons/codes", GENERATE);
    var message = running.surroundings.awaitMessage("coupon-loads");
    load(message, "completed");
    running.answer(message, 201, "{\"amount\":5000}");
    var path = location(kept);
    var before = acme.get(path);
    assertThat(before.at("/status")).isEqualTo("succeeded");
    assertThat(acme.get(before.at("/outcome/body/links/codes")).status()).isEqualTo(303);
    running.surroundings.sql(
        "UPDATE code_load SET state = 'undone' WHERE public_id = '" + message.requestId() + "'");
    var undone = acme.get(path, "If-None-Match", Objects.requireNonNull(before.header("ETag")));
    assertThat(undone.at("/status")).isEqualTo("undone");
    assertThat(undone.json().at("/outcome/body").has("links")).isFalse();
    var codes = acme.get(path + "/codes");
    assertThat(codes.status()).isEqualTo(410);
    assertThat(codes.json()).isEqualTo(ExamplesTest.examples().get("codes_undone 410"));
  }

  @Test
  void of_two_requests_under_one_key_at_two_edges_the_second_is_told_when_it_asks() {
    running.surroundings.sdkSettings().forEach(System::setProperty);
    try (var second = Edge.start(running.surroundings.settings())) {
      var there = new Client(second.address(), running.surroundings.issuer.token("acme"));
      var key = UUID.randomUUID().toString();
      var ann = acme.post("/coupons/assign", ASSIGN, "Idempotency-Key", key);
      var annAgain = there.post("/coupons/assign", ASSIGN, "Idempotency-Key", key);
      assertThat(annAgain.at("/requestId")).isEqualTo(ann.at("/requestId"));
      running.surroundings.take("coupon-commands");

      var other = UUID.randomUUID().toString();
      var first = acme.post("/coupons/assign", ASSIGN, "Idempotency-Key", other);
      var message = running.surroundings.awaitMessage("coupon-commands");
      var bob = ASSIGN.replace("ann@", "bob@");
      var late = there.post("/coupons/assign", bob, "Idempotency-Key", other);
      assertThat(late.status()).isEqualTo(202);
      running.answer(message, 200, "{\"code\":\"X\"}");
      assertThat(acme.get(location(first)).at("/status")).isEqualTo("succeeded");
      var refused = there.get(location(late));
      assertThat(refused.status()).as("%s", refused).isEqualTo(422);
      assertThat(refused.at("/code")).isEqualTo("idempotency_key_reused");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "59, false, awaiting_file",
    "61, false, expired",
    "764, true, awaiting_file",
    "766, true, expired"
  })
  void an_upload_whose_file_can_no_longer_come_has_expired(
      int minutes, boolean inParts, String state) {
    var id = OldUpload.id(ACME, 1, inParts, Duration.ofMinutes(minutes));
    var found = acme.get("/coupons/codes/uploads/" + id);
    assertThat(found.at("/state")).as("%s", found).isEqualTo(state);
    assertThat(found.response().headers().firstValue("Retry-After").isPresent())
        .isEqualTo(state.equals("awaiting_file"));
  }

  private static String location(Answer answer) {
    return Objects.requireNonNull(answer.header("Location"), answer::toString);
  }

  private void load(CommandMessage message, String state) {
    running.surroundings.sql(
        """
        INSERT INTO code_load (public_id, partner_id, book_id, kind, state, reason, rows_expected, started_at,
          finished_at, codes_key)
        VALUES ('%s', 1, 1, 'generate', '%s', 'why', 5000, coupon_clock(), coupon_clock(), 'codes/1/x.csv')
        """
            .formatted(message.requestId(), state));
  }

  // As the sweep does at the end of the retention.
  private void forget(CommandMessage message) {
    running.surroundings.sql(
        """
        WITH dropped AS (
          DELETE FROM command_outcome WHERE request_id = '%s' RETURNING request_id, partner_id)
        INSERT INTO command_forgotten (request_id, partner_id) SELECT * FROM dropped
        """
            .formatted(message.requestId()));
  }
}
