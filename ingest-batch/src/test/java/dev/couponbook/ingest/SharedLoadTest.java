package dev.couponbook.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.program.Metrics;
import dev.couponbook.testing.TestDatabase;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Two programs on one queue and one database, each of which works on two parts at a time. */
@Tag("slow")
class SharedLoadTest {
  private static final int BLOCK_ROWS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @Test
  void two_programs_share_the_parts_of_a_load_and_count_every_row_once() throws Exception {
    try (var one = RunningIngest.start(database, BLOCK_ROWS);
        var other = RunningIngest.start(database, BLOCK_ROWS)) {
      var uploads = new Uploads(cloud, database);
      UUID upload;
      try (var _ = uploads.heldUp()) {
        upload = uploads.upload(Loads.lines("S", 20_000) + Loads.lines("S", 6_000), Map.of());
        // One program alone has two chunks at a time.
        await().atMost(PATIENCE).until(() -> uploads.chunksHeldUp() > 2);
      }
      assertThat(uploads.awaitState(upload)).isEqualTo("completed");
      assertThat(uploads.counts(upload)).containsExactly(26_000L, 20_000L, 6_000L, 0L);
      assertThat(rowsOf(one)).isPositive();
      assertThat(rowsOf(other)).isPositive();
      assertThat(rowsOf(one) + rowsOf(other)).isEqualTo(26_000);
    }
  }

  private static long rowsOf(ConfigurableApplicationContext program) {
    return program.getBean(Metrics.class).registry().find("coupon.load.rows").counters().stream()
        .mapToLong(counter -> (long) ((Counter) counter).count())
        .sum();
  }
}
