package dev.couponbook.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.store.load.LoadOrders.Action;
import dev.couponbook.testing.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Loads of up to a million rows and more, in blocks of the usual size. */
@Tag("long")
class LongLoadsTest {
  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private ConfigurableApplicationContext program;
  private Uploads uploads;

  @BeforeEach
  void start() {
    uploads = new Uploads(cloud, database);
    program = RunningIngest.start(database, Block.ROWS);
  }

  @AfterEach
  void stop() {
    program.close();
  }

  @Test
  void load_that_lost_its_process_in_the_middle_ends_with_exact_counts() {
    var upload = uploads.upload(Loads.lines("K", 400_000) + Loads.lines("K", 1_000), Map.of());
    uploads.awaitRowsRead(upload);
    program.close();
    assertThat(uploads.state(upload)).isIn("queued", "running", "completed");
    program = RunningIngest.start(database, Block.ROWS);
    assertThat(uploads.awaitState(upload)).isEqualTo("completed");
    assertThat(uploads.counts(upload)).containsExactly(401_000L, 400_000L, 1_000L, 0L);
  }

  @Test
  void compressed_file_goes_on_where_its_process_stopped() throws Exception {
    var upload = uploads.upload(Uploads.gzip(Loads.lines("Z", 500_000)), Map.of());
    uploads.awaitRowsRead(upload);
    program.close();
    program = RunningIngest.start(database, Block.ROWS);
    assertThat(uploads.awaitState(upload)).isEqualTo("completed");
    assertThat(uploads.counts(upload)).containsExactly(500_000L, 500_000L, 0L, 0L);
  }

  @Test
  void fifty_files_at_once_end_once_each_and_do_not_wait_for_a_large_one() {
    var large = uploads.upload(Loads.lines("L", 1_500_000), Map.of());
    uploads.awaitRowsRead(large);
    var small =
        IntStream.range(0, 50)
            .mapToObj(i -> uploads.upload(Loads.lines("F" + i + "-", 1_000), Map.of()))
            .toList();
    small.forEach(uploads::sendEvent);
    assertThat(uploads.awaitState(small.getFirst())).isEqualTo("completed");
    assertThat(uploads.state(large)).isEqualTo("running");
    for (var id : small) {
      assertThat(uploads.awaitState(id)).isEqualTo("completed");
      assertThat(uploads.counts(id)).containsExactly(1_000L, 1_000L, 0L, 0L);
    }
    assertThat(uploads.awaitState(large)).isEqualTo("completed");
    assertThat(uploads.counts(large)).containsExactly(1_500_000L, 1_500_000L, 0L, 0L);
  }

  @Test
  void load_of_millions_is_stopped_and_goes_on() {
    var upload = uploads.upload(Loads.lines("O", 1_500_000), Map.of());
    uploads.awaitRowsRead(upload);
    assertThat(uploads.order(upload, Action.STOP)).isEqualTo("done");
    assertThat(awaitQuiet()).isLessThan(1_500_000);
    assertThat(uploads.state(upload)).isEqualTo("running");
    assertThat(uploads.order(upload, Action.RESTART)).isEqualTo("done");
    assertThat(uploads.awaitState(upload)).isEqualTo("completed");
    assertThat(uploads.counts(upload)).containsExactly(1_500_000L, 1_500_000L, 0L, 0L);
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

  @Test
  void key_space_is_filled_to_its_last_code_beside_thirty_thousand_codes_of_a_file() {
    var file = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      file.append("%05d\n".formatted(i * 7 % 100_000));
    }
    assertThat(uploads.awaitState(uploads.upload(file.toString(), Map.of())))
        .isEqualTo("completed");
    var request = uploads.send(uploads.add(70_000, "{9:5}", List.of()));
    assertThat(uploads.awaitOutcome(request))
        .isEqualTo("201 {\"amount\":70000,\"manual\":0,\"generated\":70000}");
    assertThat(database.number("SELECT count(*) FROM coupon WHERE code ~ '^[0-9]{5}$'"))
        .isEqualTo(100_000);
    assertThat(uploads.awaitOutcome(uploads.send(uploads.add(1_001, "{9:5}", List.of()))))
        .startsWith("400 ")
        .contains("\"taken\":100000");
  }

  @Test
  void million_rejects_come_back_and_are_accepted_when_a_script_has_corrected_them()
      throws IOException {
    // Without a good row among the first, the whole file would be refused.
    var file = "n;code\nx;GOOD\n" + "x;a b\n".repeat(1_000_000);
    var upload = uploads.upload(file, Map.of());
    assertThat(uploads.awaitState(upload)).isEqualTo("completed_with_rejects");
    assertThat(uploads.counts(upload)).containsExactly(1_000_001L, 1L, 0L, 1_000_000L);
    assertThat(
            database.number(
                "SELECT sum(rows) FROM code_reject_count WHERE reason = 'invalid_code'"))
        .isEqualTo(1_000_000);
    var corrected = new StringBuilder();
    int row = 0;
    try (var rejects = cloud.open(uploads.rejectsKey(upload))) {
      for (var line = rejects.readLine(); line != null; line = rejects.readLine()) {
        assertThat(row == 0 || line.startsWith("x,a b,%d,".formatted(row + 2))).isTrue();
        if (row < 10_000) {
          corrected.append(line.replace("a b", "M" + row)).append("\r\n");
        }
        row++;
      }
    }
    assertThat(row).isEqualTo(1_000_001);
    var second = uploads.upload(corrected.toString(), Map.of());
    assertThat(uploads.awaitState(second)).isEqualTo("completed");
    assertThat(uploads.counts(second)).containsExactly(9_999L, 9_999L, 0L, 0L);
  }
}
