package dev.couponbook.ingest;

import static dev.couponbook.ingest.Uploads.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.store.load.LoadOrders.Action;
import dev.couponbook.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What only the whole program shows, with its real parts: PostgreSQL, queues and a bucket. Blocks
 * are small, so a file of some thousand rows has many of them in many parts.
 */
@Tag("slow")
class IngestTest {
  private static final int BLOCK_ROWS = 500;

  private static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension static final RunningIngest program = new RunningIngest(cloud, BLOCK_ROWS);

  private final TestDatabase database = program.database;
  private Uploads uploads;

  @BeforeEach
  void createBook() {
    uploads = new Uploads(cloud, database);
  }

  @Test
  void file_becomes_codes_and_the_rest_a_report_that_can_be_uploaded_again() {
    var old = database.rows().free(uploads.book);
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
    var upload = uploads.upload(file, Map.of());
    assertThat(uploads.awaitState(upload)).isEqualTo("completed_with_rejects");
    assertThat(uploads.counts(upload)).containsExactly(7L, 2L, 2L, 3L);
    assertThat(uploads.rejects(upload))
        .satisfiesExactly(
            header ->
                assertThat(header)
                    .isEqualTo(
                        "code,expiration,note,reject_line,reject_byte_offset,reject_reason,"
                            + "reject_message,reject_hint"),
            row -> assertThat(row).startsWith("bad code,,spaces,5,").contains(",invalid_code,"),
            row ->
                assertThat(row)
                    .startsWith("BBB,2000-01-01T00:00:00Z,too late,7,")
                    .contains(",expired,"),
            row -> assertThat(row).startsWith("'=1+1 x,,formula,8,").contains(",invalid_code,"));

    var corrected =
        cloud
            .get(uploads.rejectsKey(upload))
            .replace("bad code", "good-code")
            .replace("2000-", "2999-")
            .replace("=1+1 x", "=1+1");
    var second = uploads.upload(corrected, Map.of());
    assertThat(uploads.awaitState(second)).isEqualTo("completed");
    assertThat(uploads.counts(second)).containsExactly(3L, 3L, 0L, 0L);
    assertThat(database.number("SELECT count(*) FROM coupon WHERE code = '=1+1'")).isEqualTo(1);
  }

  @Test
  void parts_together_count_every_row_of_a_larger_file_once() {
    // Many parts, with codes that are in several of them.
    var file = Loads.lines("P", 20_000) + Loads.lines("P", 6_000) + "bad row\n".repeat(500);
    var upload = uploads.upload(file, Map.of());
    uploads.sendEvent(upload); // once more
    assertThat(uploads.awaitState(upload)).isEqualTo("completed_with_rejects");
    assertThat(uploads.counts(upload)).containsExactly(26_500L, 20_000L, 6_000L, 500L);
    assertThat(uploads.rejects(upload)).hasSize(501);
    assertThat(uploads.rejects(upload).getLast()).startsWith("bad row,,26500,");
    assertThat(
            database.number(
                "SELECT count(*) FROM code_load WHERE book_id = ?", uploads.book.number()))
        .isEqualTo(1);
  }

  @Test
  void compressed_file_is_loaded_like_its_text() throws Exception {
    var file = "code;note\n" + Loads.lines("Z", 5_000).replace("\n", ";x\n") + "bad row;y\n";
    var upload = uploads.upload(gzip(file), Map.of());
    assertThat(uploads.awaitState(upload)).isEqualTo("completed_with_rejects");
    assertThat(uploads.counts(upload)).containsExactly(5_001L, 5_000L, 0L, 1L);
    assertThat(uploads.rejects(upload).getLast())
        .startsWith("bad row,y,5002,%d,invalid_code,".formatted(file.indexOf("bad row")));
    assertThat(
            database.number(
                """
                SELECT l.bytes_total - sum(p.bytes)
                FROM code_load l JOIN code_load_part p ON p.load_id = l.id
                WHERE l.public_id = ?
                GROUP BY l.bytes_total
                """,
                upload))
        .as("bytes of the compressed file that no part has counted")
        .isZero();
  }

  @Test
  void dry_run_and_all_or_nothing_keep_what_they_promise() {
    database.rows().named(uploads.book, "OLD");
    var file = Loads.lines("D", 3_000) + "OLD\nbad row\nD00000001\n";
    var dry = uploads.upload(file, Map.of("dry-run", "true"));
    assertThat(uploads.awaitState(dry)).isEqualTo("completed_with_rejects");
    assertThat(uploads.counts(dry)).containsExactly(3_003L, 3_000L, 2L, 1L);
    var strict = uploads.upload(file, Map.of("on-duplicate", "fail"));
    assertThat(uploads.awaitState(strict)).isEqualTo("failed");
    assertThat(uploads.reason(strict)).startsWith("The code OLD of line 3,001 exists already");
    assertThat(uploads.codes()).isEqualTo(1);
    var clean = uploads.upload(Loads.lines("D", 3_000), Map.of("on-duplicate", "fail"));
    assertThat(uploads.awaitState(clean)).isEqualTo("completed");
    assertThat(uploads.codes()).isEqualTo(3_001);
    assertThat(database.number("SELECT count(*) FROM code_staged")).isZero();
  }

  @Test
  void generation_reaches_its_exact_amount_in_a_key_space_that_is_used_up_and_can_be_undone() {
    var first = uploads.send(uploads.add(6_000, "G{9:4}", List.of("G0000", "OTHER")));
    assertThat(uploads.awaitOutcome(first))
        .isEqualTo("201 {\"amount\":6002,\"manual\":2,\"generated\":6000}");
    var refused = uploads.send(uploads.add(4_000, "G{9:4}", List.of()));
    assertThat(uploads.awaitOutcome(refused))
        .startsWith("400 ")
        .contains("\"keySpace\":10000,\"taken\":6001,\"asked\":4000");
    var last = uploads.send(uploads.add(3_999, "G{9:4}", List.of()));
    assertThat(uploads.awaitOutcome(last)).startsWith("201 ");
    assertThat(database.number("SELECT count(*) FROM coupon WHERE code ~ '^G[0-9]{4}$'"))
        .isEqualTo(10_000);
    var csv = cloud.get("codes/%d/%s.csv".formatted(uploads.book.partner(), last));
    assertThat(csv.lines()).hasSize(4_000).doesNotHaveDuplicates().startsWith("code,expiration");
    assertThat(uploads.awaitOutcome(uploads.send(new UndoLoad(new LoadId(last), null))))
        .contains("\"removed\":3999,\"kept\":0");
  }

  @Test
  void operators_stop_restart_and_abandon_a_load_and_its_counts_stay_exact() throws Exception {
    var gate = uploads.heldUp();
    var upload = uploads.upload(Loads.lines("O", 10_000), Map.of());
    uploads.awaitHeldUp();
    assertThat(uploads.order(upload, Action.STOP)).isEqualTo("done");
    assertThat(uploads.order(upload, Action.STOP)).contains("stopped already");
    gate.close();
    awaitNobodyWorks(upload);
    assertThat(uploads.counts(upload).getFirst())
        .as("at most the chunks that two workers were writing")
        .isBetween(1L, 2L * BLOCK_ROWS);
    assertThat(uploads.state(upload)).isEqualTo("running");
    assertThat(uploads.order(upload, Action.RESTART)).isEqualTo("done");
    assertThat(uploads.awaitState(upload)).isEqualTo("completed");
    assertThat(uploads.counts(upload)).containsExactly(10_000L, 10_000L, 0L, 0L);
    assertThat(uploads.order(upload, Action.ABANDON)).isEqualTo("it is over");

    gate = uploads.heldUp();
    var second = uploads.upload(Loads.lines("A", 10_000), Map.of());
    uploads.awaitHeldUp();
    assertThat(uploads.order(second, Action.ABANDON)).isEqualTo("done");
    gate.close();
    assertThat(uploads.awaitState(second)).isEqualTo("failed");
    assertThat(uploads.reason(second)).contains("given up by the operators");
    gate = uploads.heldUp();
    assertThat(uploads.order(second, Action.RESTART)).isEqualTo("done");
    assertThat(uploads.state(second)).isEqualTo("running");
    assertThat(uploads.awaitOutcome(uploads.send(new CancelLoad(new LoadId(second), null))))
        .startsWith("200 ");
    gate.close();
    assertThat(uploads.awaitState(second)).isEqualTo("cancelled");
  }

  /** Waits until the load's job and all its steps have ended, as Spring Batch has recorded it. */
  private void awaitNobodyWorks(UUID upload) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            database.number(
                    """
                    SELECT count(*)
                    FROM code_load l
                    JOIN batch.batch_job_execution_params p
                      ON p.parameter_name = 'load' AND p.parameter_value = l.id::text
                    JOIN batch.batch_job_execution e USING (job_execution_id)
                    WHERE l.public_id = ? AND e.status IN ('STARTING', 'STARTED', 'STOPPING')
                    """,
                    upload)
                == 0);
  }
}
