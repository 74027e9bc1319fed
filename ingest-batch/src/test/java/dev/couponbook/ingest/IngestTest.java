package dev.couponbook.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AddCodes.Generated;
import dev.couponbook.command.AddCodes.ManualCode;
import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Fingerprint;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.command.UploadMetadata;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.upload.AbortLeftUploads;
import dev.couponbook.store.load.LoadOrders;
import dev.couponbook.store.load.LoadOrders.Action;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole program with its real parts: PostgreSQL, queues and a bucket. */
class IngestTest {
  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private ConfigurableApplicationContext program;
  private BookRow book;

  @BeforeEach
  void start() {
    cloud.purge();
    book = database.rows().book(database.rows().partner());
    program = startProgram();
  }

  private ConfigurableApplicationContext startProgram() {
    return Ingest.start(
        Map.of(
            "COUPON_DB_URL",
            database.url(),
            "COUPON_DB_PASSWORD",
            database.password(),
            "COUPON_S3_PATH_STYLE",
            "true",
            "COUPON_INGEST_WORKERS",
            "2"));
  }

  @AfterEach
  void stop() {
    program.close();
  }

  @Test
  void file_becomes_codes_and_the_rest_a_report_that_can_be_uploaded_again() {
    var old = database.rows().free(book);
    var file =
        "code,expiration,note\n"
            + "AAA,,first\n"
            + "AAA,,again\n"
            + old
            + ",,was there\n"
            + "bad code,,spaces\n"
            + "\n"
            + "BBB,2000-01-01T00:00:00Z,too late\n"
            + "=1+1 x,,formula\n"
            + "CCC,2999-01-01T00:00:00Z,\"quoted, \"\"twice\"\"\"\n";
    var upload = upload(file, Map.of());
    assertThat(awaitState(upload)).isEqualTo("completed_with_rejects");
    assertThat(counts(upload)).containsExactly(7, 2, 2, 3);
    var rejects = cloud.get("rejects/%d/%s.csv".formatted(book.partner(), upload));
    assertThat(rejects.lines())
        .satisfiesExactly(
            header ->
                assertThat(header)
                    .isEqualTo("code,expiration,note,line,byte_offset,reason,message,hint"),
            row -> assertThat(row).startsWith("bad code,,spaces,5,").contains(",invalid_code,"),
            row ->
                assertThat(row)
                    .startsWith("BBB,2000-01-01T00:00:00Z,too late,7,")
                    .contains(",expired,"),
            row -> assertThat(row).startsWith("'=1+1 x,,formula,8,").contains(",invalid_code,"));
    assertThat(cloud.get("summaries/%d/%s.json".formatted(book.partner(), upload)))
        .contains("\"inThisFile\":1")
        .contains("\"inTheBook\":1");

    var corrected =
        rejects
            .replace("bad code", "good-code")
            .replace("2000-", "2999-")
            .replace("=1+1 x", "=1+1");
    var second = upload(corrected, Map.of());
    assertThat(awaitState(second)).isEqualTo("completed");
    assertThat(counts(second)).containsExactly(3, 3, 0, 0);
    assertThat(database.number("SELECT count(*) FROM coupon WHERE code = '=1+1'")).isEqualTo(1);
  }

  @Test
  void same_event_three_times_is_one_load() {
    var file = codes("E", 5000);
    var id = UUID.randomUUID();
    put(id, file, Map.of());
    for (int i = 0; i < 3; i++) {
      cloud.send("coupon-uploads", event(id));
    }
    cloud.send("coupon-uploads", "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\"}");
    assertThat(awaitState(id)).isEqualTo("completed");
    assertThat(counts(id)).containsExactly(5000, 5000, 0, 0);
    assertThat(database.number("SELECT count(*) FROM code_load WHERE kind = 'import'"))
        .isEqualTo(1);
  }

  @Test
  void parts_together_count_every_row_of_a_larger_file_once() {
    // Several ranges, and in each of them codes that another has too.
    var file = codes("P", 200_000) + codes("P", 60_000) + "bad row\n".repeat(500);
    var upload = upload(file, Map.of());
    assertThat(awaitState(upload)).isEqualTo("completed_with_rejects");
    assertThat(counts(upload)).containsExactly(260_500, 200_000, 60_000, 500);
    var rejects = cloud.get("rejects/%d/%s.csv".formatted(book.partner(), upload)).lines().toList();
    assertThat(rejects).hasSize(501);
    assertThat(rejects.getLast()).startsWith("bad row,,260500,");
  }

  @Test
  void load_that_lost_its_process_in_the_middle_ends_with_exact_counts() {
    var upload = upload(codes("K", 400_000) + codes("K", 1000), Map.of());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> database.number("SELECT coalesce(sum(rows_read), 0) FROM code_load_part") > 0);
    program.close();
    assertThat(state(upload)).isIn("queued", "running", "completed");
    program = startProgram();
    assertThat(awaitState(upload)).isEqualTo("completed");
    assertThat(counts(upload)).containsExactly(401_000, 400_000, 1000, 0);
  }

  @Test
  void file_that_cannot_be_read_fails_with_its_reason() {
    var utf16 = UUID.randomUUID();
    put(utf16, "code\nAAA\n".getBytes(StandardCharsets.UTF_16), Map.of());
    cloud.send("coupon-uploads", event(utf16));
    var empty = upload("", Map.of());
    var other = UUID.randomUUID();
    put(other, "AAA\n".getBytes(StandardCharsets.UTF_8), Map.of("length", "5"));
    cloud.send("coupon-uploads", event(other));
    assertThat(awaitState(utf16)).isEqualTo("failed");
    assertThat(reason(utf16)).contains("UTF-16");
    assertThat(awaitState(empty)).isEqualTo("failed");
    assertThat(reason(empty)).isEqualTo("The file is empty");
    assertThat(awaitState(other)).isEqualTo("failed");
    assertThat(reason(other)).contains("announced with 5");
    assertThat(database.number("SELECT count(*) FROM coupon")).isZero();
  }

  @Test
  void compressed_file_is_loaded_like_its_text() throws Exception {
    var file = "code;note\n" + codes("Z", 250_000).replace("\n", ";x\n") + "bad row;y\n";
    var upload = uploadBytes(gzip(file), Map.of());
    assertThat(awaitState(upload)).isEqualTo("completed_with_rejects");
    assertThat(counts(upload)).containsExactly(250_001, 250_000, 0, 1);
    var rejects = cloud.get("rejects/%d/%s.csv".formatted(book.partner(), upload)).lines().toList();
    assertThat(rejects.getFirst()).isEqualTo("code,note,line,byte_offset,reason,message,hint");
    assertThat(rejects.getLast())
        .startsWith("bad row,y,250002,%d,invalid_code,".formatted(file.indexOf("bad row")));
    assertThat(
            database.number(
                "SELECT bytes_total - sum(bytes) FROM code_load JOIN code_load_part ON load_id = id"
                    + " GROUP BY bytes_total"))
        .isZero();
  }

  @Test
  void compressed_file_goes_on_where_its_process_stopped() throws Exception {
    var upload = uploadBytes(gzip(codes("Z", 500_000)), Map.of());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> database.number("SELECT coalesce(sum(rows_read), 0) FROM code_load_part") > 0);
    program.close();
    program = startProgram();
    assertThat(awaitState(upload)).isEqualTo("completed");
    assertThat(counts(upload)).containsExactly(500_000, 500_000, 0, 0);
  }

  @Test
  void compressed_file_that_ends_early_or_expands_too_far_fails_with_its_reason() throws Exception {
    var whole = gzip(codes("Z", 300_000));
    var cut = uploadBytes(Arrays.copyOf(whole, whole.length - 100), Map.of());
    assertThat(awaitState(cut)).isEqualTo("failed");
    assertThat(reason(cut)).contains("ends too early");
    assertThat(counts(cut).getFirst()).isGreaterThanOrEqualTo(200_000);
    var bomb = uploadBytes(gzip("A\n".repeat(20_000_000)), Map.of());
    assertThat(awaitState(bomb)).isEqualTo("failed");
    assertThat(reason(bomb)).contains("100 times its size");
    var twice = uploadBytes(GzipFile.of(gzip("AAA\n")), Map.of());
    assertThat(awaitState(twice)).isEqualTo("failed");
    assertThat(reason(twice)).contains("compressed twice");
  }

  @Test
  void file_with_another_checksum_than_declared_leaves_nothing() throws Exception {
    var file = codes("S", 150_000);
    var sha256 =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256").digest(file.getBytes(StandardCharsets.UTF_8)));
    var damaged = upload(file.replace("S00149999", "S0014999X"), Map.of("sha256", sha256));
    assertThat(awaitState(damaged)).isEqualTo("failed");
    assertThat(reason(damaged)).contains("SHA-256");
    assertThat(database.number("SELECT count(*) FROM coupon")).isZero();
    var good = upload(file, Map.of("sha256", sha256));
    assertThat(awaitState(good)).isEqualTo("completed");
    assertThat(counts(good)).containsExactly(150_000, 150_000, 0, 0);
  }

  @Test
  void dry_run_and_all_or_nothing_keep_what_they_promise() {
    database.rows().named(book, "OLD");
    var file = codes("D", 3000) + "OLD\nbad row\nD00000001\n";
    var dry = upload(file, Map.of("dry-run", "true"));
    assertThat(awaitState(dry)).isEqualTo("completed_with_rejects");
    assertThat(counts(dry)).containsExactly(3003, 3000, 2, 1);
    var strict = upload(file, Map.of("on-duplicate", "fail"));
    assertThat(awaitState(strict)).isEqualTo("failed");
    assertThat(reason(strict)).contains("exists already");
    assertThat(database.number("SELECT count(*) FROM coupon")).isEqualTo(1);
    var clean = upload(codes("D", 3000), Map.of("on-duplicate", "fail"));
    assertThat(awaitState(clean)).isEqualTo("completed");
    assertThat(database.number("SELECT count(*) FROM coupon")).isEqualTo(3001);
    assertThat(database.number("SELECT count(*) FROM code_staged")).isZero();
  }

  @Test
  void generation_reaches_its_exact_amount_in_a_key_space_that_is_used_up() {
    var first = send(add(6_000, "G{9:4}", List.of("G0000", "OTHER")));
    assertThat(awaitOutcome(first))
        .isEqualTo("201 {\"amount\":6002,\"manual\":2,\"generated\":6000}");
    var refused = send(add(4_000, "G{9:4}", List.of()));
    assertThat(awaitOutcome(refused))
        .startsWith("400 ")
        .contains("Failed to generate 4000 random new codes")
        .contains("\"keySpace\":10000,\"taken\":6001,\"asked\":4000");
    var last = send(add(3_999, "G{9:4}", List.of()));
    assertThat(awaitOutcome(last)).startsWith("201 ");
    assertThat(database.number("SELECT count(*) FROM coupon WHERE code ~ '^G[0-9]{4}$'"))
        .isEqualTo(10_000);
    var csv = cloud.get("codes/%d/%s.csv".formatted(book.partner(), last)).lines().toList();
    assertThat(csv).hasSize(4_000).doesNotHaveDuplicates();
    assertThat(csv.getFirst()).isEqualTo("code,expiration");
  }

  @Test
  void key_space_is_filled_to_its_last_code_beside_thirty_thousand_codes_of_a_file() {
    var file =
        IntStream.range(0, 30_000).mapToObj(i -> "%05d\n".formatted(i * 7 % 100_000)).toList();
    assertThat(awaitState(upload(String.join("", file), Map.of()))).isEqualTo("completed");
    var request = send(add(70_000, "{9:5}", List.of()));
    assertThat(awaitOutcome(request))
        .isEqualTo("201 {\"amount\":70000,\"manual\":0,\"generated\":70000}");
    assertThat(database.number("SELECT count(*) FROM coupon WHERE code ~ '^[0-9]{5}$'"))
        .isEqualTo(100_000);
    assertThat(awaitOutcome(send(add(1_001, "{9:5}", List.of()))))
        .startsWith("400 ")
        .contains("\"taken\":100000");
  }

  @Test
  void fifty_files_at_once_end_once_each_and_do_not_wait_for_a_large_one() {
    var large = upload(codes("L", 1_500_000), Map.of());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> database.number("SELECT coalesce(sum(rows_read), 0) FROM code_load_part") > 0);
    var small =
        IntStream.range(0, 50).mapToObj(i -> upload(codes("F" + i + "-", 1000), Map.of())).toList();
    small.forEach(id -> cloud.send("coupon-uploads", event(id)));
    assertThat(awaitState(small.getFirst())).isEqualTo("completed");
    assertThat(state(large)).isEqualTo("running");
    for (var id : small) {
      assertThat(awaitState(id)).isEqualTo("completed");
      assertThat(counts(id)).containsExactly(1000, 1000, 0, 0);
    }
    assertThat(awaitState(large)).isEqualTo("completed");
    assertThat(counts(large)).containsExactly(1_500_000, 1_500_000, 0, 0);
  }

  private void cancel(UUID upload) {
    assertThat(awaitOutcome(send(new CancelLoad(new LoadId(upload))))).startsWith("200 ");
  }

  @Test
  void operators_stop_restart_and_abandon_a_load_and_its_counts_stay_exact() {
    var upload = upload(codes("O", 1_500_000), Map.of());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> database.number("SELECT coalesce(sum(rows_read), 0) FROM code_load_part") > 0);
    assertThat(order(upload, Action.STOP)).isEqualTo("done");
    assertThat(order(upload, Action.STOP)).contains("stopped already");
    var stopped = awaitQuiet();
    assertThat(stopped).isLessThan(1_500_000);
    assertThat(state(upload)).isEqualTo("running");
    assertThat(order(upload, Action.RESTART)).isEqualTo("done");
    assertThat(awaitState(upload)).isEqualTo("completed");
    assertThat(counts(upload)).containsExactly(1_500_000, 1_500_000, 0, 0);
    assertThat(order(upload, Action.ABANDON)).isEqualTo("it is over");

    var second = upload(codes("A", 1_500_000), Map.of());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> database.number("SELECT sum(rows_read) FROM code_load_part") > 1_500_000);
    assertThat(order(second, Action.ABANDON)).isEqualTo("done");
    assertThat(awaitState(second)).isEqualTo("failed");
    assertThat(reason(second)).contains("given up by the operators");
    assertThat(order(second, Action.RESTART)).isEqualTo("done");
    assertThat(state(second)).isEqualTo("running");
    cancel(second);
    assertThat(awaitState(second)).isEqualTo("cancelled");
  }

  /** Rows read when no part moves any more. */
  private long awaitQuiet() {
    var rows = new AtomicLong(-1);
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(3))
        .until(() -> {
          long now = database.number("SELECT sum(rows_read) FROM code_load_part");
          return rows.getAndSet(now) == now;
        });
    return rows.get();
  }

  private String order(UUID upload, Action action) {
    try (var connection = database.owner().getConnection()) {
      int load = Integer.parseInt(text("SELECT id FROM code_load WHERE public_id = ?", upload));
      long order = LoadOrders.add(connection, load, action, "ann", "to see that it works");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> LoadOrders.outcome(connection, order).isPresent());
      var refusal = LoadOrders.outcome(connection, order).orElseThrow().refusal();
      return refusal == null ? "done" : refusal;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void parts_of_a_file_that_nobody_completed_are_cleared_away_after_a_day() {
    cloud.beginMultipart("uploads/1/left.csv");
    var files = program.getBean(FileStore.class);
    assertThat(new AbortLeftUploads(files, InstantSource.system()).runOnce()).isZero();
    var inTwoDays = InstantSource.offset(InstantSource.system(), Duration.ofDays(2));
    assertThat(new AbortLeftUploads(files, inTwoDays).runOnce()).isEqualTo(1);
    assertThat(new AbortLeftUploads(files, inTwoDays).runOnce()).isZero();
  }

  @Test
  void million_rejects_come_back_and_are_accepted_when_a_script_has_mended_them()
      throws IOException {
    var upload = upload("n;code\n" + "x;a b\n".repeat(1_000_000), Map.of());
    assertThat(awaitState(upload)).isEqualTo("completed_with_rejects");
    assertThat(counts(upload)).containsExactly(1_000_000, 0, 0, 1_000_000);
    assertThat(
            database.number(
                "SELECT sum(rows) FROM code_reject_count WHERE reason = 'invalid_code'"))
        .isEqualTo(1_000_000);
    var mended = new StringBuilder();
    int row = 0;
    try (var rejects = cloud.open("rejects/%d/%s.csv".formatted(book.partner(), upload))) {
      for (var line = rejects.readLine(); line != null; line = rejects.readLine()) {
        assertThat(row == 0 || line.startsWith("x,a b,%d,".formatted(row + 1))).isTrue();
        if (row < 10_000) {
          mended.append(line.replace("a b", "M" + row)).append("\r\n");
        }
        row++;
      }
    }
    assertThat(row).isEqualTo(1_000_001);
    var second = upload(mended.toString(), Map.of());
    assertThat(awaitState(second)).isEqualTo("completed");
    assertThat(counts(second)).containsExactly(9_999, 9_999, 0, 0);
  }

  @Test
  void manual_codes_that_exist_refuse_the_whole_request() {
    database.rows().named(book, "OLD");
    var request = send(add(2_000, "{#:8}", List.of("NEW", "OLD")));
    assertThat(awaitOutcome(request)).startsWith("409 ").contains("\"codes\":[\"OLD\"]");
    assertThat(database.number("SELECT count(*) FROM coupon")).isEqualTo(1);
  }

  @Test
  void undo_takes_back_what_nobody_has_and_cancel_comes_too_late_for_a_finished_load() {
    var upload = upload(codes("U", 30_000), Map.of());
    assertThat(awaitState(upload)).isEqualTo("completed");
    assertThat(awaitOutcome(send(new CancelLoad(new LoadId(upload))))).startsWith("409 ");
    var undone = awaitOutcome(send(new UndoLoad(new LoadId(upload))));
    assertThat(undone).startsWith("200 ").contains("\"removed\":30000,\"kept\":0");
    assertThat(state(upload)).isEqualTo("undone");
    assertThat(awaitOutcome(send(new UndoLoad(new LoadId(UUID.randomUUID()))))).startsWith("404 ");
  }

  private AddCodes add(int amount, String pattern, List<String> manual) {
    return new AddCodes(
        new BookId(book.id()),
        new Generated(amount, null, null, pattern, null, null),
        manual.stream().map(code -> new ManualCode(new CouponCode(code), null)).toList());
  }

  private UUID send(Command command) {
    var request = UUID.randomUUID();
    cloud.send(
        "coupon-loads",
        CommandCodec.encode(
            new CommandMessage(
                new RequestId(request),
                new PartnerId(book.partner()),
                Fingerprint.of(request.toString()),
                command)));
    return request;
  }

  private static String codes(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj((prefix + "%08d\n")::formatted)
        .collect(Collectors.joining());
  }

  private UUID upload(String file, Map<String, String> options) {
    var id = UUID.randomUUID();
    put(id, file, options);
    cloud.send("coupon-uploads", event(id));
    return id;
  }

  private UUID uploadBytes(byte[] file, Map<String, String> options) {
    var id = UUID.randomUUID();
    put(id, file, options);
    cloud.send("coupon-uploads", event(id));
    return id;
  }

  private static byte[] gzip(String text) throws IOException {
    return GzipFile.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private void put(UUID id, String file, Map<String, String> options) {
    put(id, file.getBytes(StandardCharsets.UTF_8), options);
  }

  private void put(UUID id, byte[] file, Map<String, String> options) {
    var metadata = new HashMap<>(metadata(id, file.length).toMap());
    metadata.putAll(options);
    cloud.put(key(id), metadata, file);
  }

  private String key(UUID id) {
    return metadata(id, 0).key();
  }

  private UploadMetadata metadata(UUID id, long length) {
    return new UploadMetadata(
        new BookId(book.id()),
        new PartnerId(book.partner()),
        new LoadId(id),
        "codes of spring.csv",
        length,
        false,
        false,
        null,
        null);
  }

  private String event(UUID id) {
    return """
    {"Records":[{"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"coupon-files"},"object":{"key":"uploads/1/x.csv"}}},
      {"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"other"},"object":{"key":"uploads/1/x.csv"}}},
      {"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"coupon-files"},"object":{"key":"%s"}}}]}
    """
        .formatted(key(id).replace("/", "%2F"));
  }

  private String awaitState(UUID id) {
    await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !List.of("none", "queued", "running").contains(state(id)));
    return state(id);
  }

  private String state(UUID id) {
    return text("SELECT state::text FROM code_load WHERE public_id = ?", id);
  }

  private String reason(UUID id) {
    return text("SELECT reason FROM code_load WHERE public_id = ?", id);
  }

  private String awaitOutcome(UUID request) {
    var sql = "SELECT status || ' ' || body::text FROM command_outcome WHERE request_id = ?";
    await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !text(sql, request).equals("none"));
    return text(sql, request);
  }

  private List<Integer> counts(UUID id) {
    var sql =
        """
        SELECT sum(rows_read) || ' ' || sum(rows_accepted) || ' ' || sum(rows_duplicate) || ' ' || sum(rows_rejected)
        FROM code_load_part p JOIN code_load l ON l.id = p.load_id
        WHERE l.public_id = ?
        """;
    return List.of(text(sql, id).split(" ")).stream().map(Integer::parseInt).toList();
  }

  private String text(String sql, UUID id) {
    try (var connection = database.owner().getConnection();
        var select = connection.prepareStatement(sql)) {
      select.setObject(1, id);
      try (var row = select.executeQuery()) {
        @Nullable String text = row.next() ? row.getString(1) : null;
        return text == null ? "none" : text;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
