package dev.couponbook.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.command.AssignAny;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.Email;
import dev.couponbook.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages that the running program does not understand: they end where operators see them. */
@Tag("slow")
class DeadLettersTest {
  // Messages become dead letters quickly here: after two receives, a second apart.
  private static final int RECEIVES = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @Test
  void what_is_not_understood_is_visible_among_the_dead_letters_while_the_program_runs() {
    var loads = new Loads(database);
    // A command, but none about a load: it is answered, and its letter is kept too.
    var stray =
        loads.message(new AssignAny(new BookId(loads.book().id()), new Email("ann@example.com")));
    var uploads =
        List.of("hello", "{}", "[1]", "{\"Type\":\"Notification\",\"Message\":\"hello\"}");
    var commands = List.of("hello", "{\"v\":99}", CommandCodec.encode(stray));
    var uploadQueue = cloud.newQueueWithDeadLetters(RECEIVES);
    var commandQueue = cloud.newQueueWithDeadLetters(RECEIVES);
    uploads.forEach(body -> cloud.send(uploadQueue, body));
    commands.forEach(body -> cloud.send(commandQueue, body));
    try (var _ = RunningIngest.start(database, queues(uploadQueue, commandQueue))) {
      await("the letters, for operators to see")
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            assertThat(cloud.visible(uploadQueue + "-dead"))
                .containsExactlyInAnyOrderElementsOf(uploads);
            assertThat(cloud.visible(commandQueue + "-dead"))
                .containsExactlyInAnyOrderElementsOf(commands);
          });
      await("the answer of what can be answered")
          .atMost(PATIENCE)
          .until(() -> parked(stray.requestId().value()) == 1);
      assertThat(cloud.visible(commandQueue + "-dead"))
          .as("still there when it was answered")
          .containsExactlyInAnyOrderElementsOf(commands);
    }
  }

  private static Map<String, String> queues(String uploads, String loads) {
    return Map.of(
        "COUPON_QUEUE_UPLOADS",
        uploads,
        "COUPON_QUEUE_UPLOADS_DEAD",
        uploads + "-dead",
        "COUPON_QUEUE_LOADS",
        loads,
        "COUPON_QUEUE_LOADS_DEAD",
        loads + "-dead",
        "COUPON_INGEST_DEAD_LETTER_SECONDS",
        "1");
  }

  private long parked(UUID request) {
    return database.number(
        "SELECT count(*) FROM command_outcome WHERE request_id = ? AND parked", request);
  }
}
