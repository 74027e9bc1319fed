package dev.couponbook.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.testing.TestDatabase;
import io.awspring.cloud.sqs.listener.MessageListenerContainer;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Programs that end in the middle of a load. */
class RestartTest {
  private static final int BLOCK_ROWS = 500;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private ConfigurableApplicationContext program;

  @BeforeEach
  void start() {
    program = RunningIngest.start(database, BLOCK_ROWS);
  }

  @AfterEach
  void stop() {
    program.close();
  }

  @Test
  void load_whose_process_stops_in_the_middle_ends_with_exact_counts_in_another() throws Exception {
    var uploads = new Uploads(cloud, database);
    var gate = uploads.heldUp();
    var listeners = program.getBean(MessageListenerContainerRegistry.class);
    var upload = uploads.upload(Loads.lines("K", 10_000) + Loads.lines("K", 1_000), Map.of());
    uploads.awaitHeldUp();
    var stopped = Thread.ofVirtual().start(program::close);
    // The steps are told to end first of all, then the listeners stop.
    await().atMost(PATIENCE).until(() -> isStopping(listeners));
    gate.close();
    stopped.join();
    assertThat(uploads.state(upload)).isEqualTo("running");
    assertThat(uploads.counts(upload).getFirst()).isLessThan(11_000);
    program = RunningIngest.start(database, BLOCK_ROWS);
    assertThat(uploads.awaitState(upload)).isEqualTo("completed");
    assertThat(uploads.counts(upload)).containsExactly(11_000L, 10_000L, 1_000L, 0L);
  }

  private static boolean isStopping(MessageListenerContainerRegistry listeners) {
    return !listeners.getListenerContainers().stream()
        .allMatch(MessageListenerContainer::isRunning);
  }
}
