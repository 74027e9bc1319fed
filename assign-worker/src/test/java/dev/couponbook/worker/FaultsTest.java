package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.testing.DatabaseGate;
import dev.couponbook.testing.Effort;
import dev.couponbook.testing.TestDatabase;
import dev.couponbook.worker.QueueGate.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The whole worker while queue, network and database fail; clients of all kinds judge what they
 * saw. {@link Effort} says how many commands and faults.
 */
@Tag("slow")
class FaultsTest {
  private static final String QUEUE = "coupon-commands";
  // Seconds. After a lost delete the message comes back soon; longer runs have transactions
  // that wait longer.
  private static final int VISIBILITY = Effort.of(5, 15, 15);
  private static final int RECEIVES = 5;
  // Counted from the end of the fault.
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  // For messages that are answered already: of twenty thousand, some lose their delete three
  // times.
  private static final Duration EMPTIED = Duration.ofMinutes(3);

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private final long seed = Seed.printed("faults");
  private final Queues queues = new Queues();

  @BeforeEach
  void createQueues() {
    queues.create(QUEUE, VISIBILITY, RECEIVES);
    Queues.use(queues.port()).forEach(System::setProperty);
  }

  @AfterEach
  void stopQueues() {
    queues.close();
    Queues.use(0).keySet().forEach(System::clearProperty);
  }

  private ConfigurableApplicationContext worker(String url) {
    // The gate holds a dead letter back until the next look, which must come within its visibility.
    return Worker.start(
        Map.of(
            "COUPON_DB_URL",
            url,
            "COUPON_DB_PASSWORD",
            database.password(),
            "COUPON_WORKER_DEAD_LETTER_SECONDS",
            "1"));
  }

  private void assertEmptied() {
    await("the queue to be empty").atMost(EMPTIED).until(() -> queues.waiting(QUEUE) == 0);
    await("no dead letter, or it goes back")
        .atMost(EMPTIED)
        .until(() -> queues.waiting(QUEUE + "-dead") == 0);
  }

  @Test
  void duplicated_late_and_reordered_messages_and_lost_deletes_change_nothing() {
    int commands = Effort.of(400, 1_000, 20_000);
    var clients = new Clients(database, new Random(seed), commands);
    var faults = new Faults(0.3, 300, 300, 0.02, 0.01);
    try (var gate = new QueueGate(queues.port(), faults, seed)) {
      Queues.use(gate.port()).forEach(System::setProperty);
      var began = Instant.now();
      try (var _ = worker(database.url())) {
        clients.send(queues, QUEUE, commands);
        clients.settle(Duration.ofMinutes(5));
        assertEmptied();
      }
      System.out.printf(
          "bad queue, seed %d: %,d commands, %s, %d s%n",
          seed, commands, gate.counts(), Duration.between(began, Instant.now()).toSeconds());
      assertThat(gate.counts().duplicated()).isGreaterThan(commands / 5);
    }
  }

  @Test
  void a_lost_reply_to_commit_is_settled_by_looking_up_the_outcome() {
    int losses = Effort.of(3, 10, 100);
    var clients = new Clients(database, new Random(seed), 3_000);
    try (var gate = new DatabaseGate(database.port(), seed)) {
      gate.loseCommitReplies(0.3);
      gate.delay(Duration.ofMillis(2));
      int sent = 0;
      try (var _ = worker(gate.url(database.url()))) {
        while (gate.lostCommitReplies() < losses) {
          clients.send(queues, QUEUE, 20);
          sent += 20;
        }
        gate.loseCommitReplies(0);
        clients.settle(PATIENCE);
        assertEmptied();
      }
      System.out.printf(
          "replies to COMMIT, seed %d: %d lost under %,d commands%n",
          seed, gate.lostCommitReplies(), sent);
    }
  }

  @Test
  void a_cut_or_silent_database_connection_changes_nothing() {
    var clients = new Clients(database, new Random(seed), 3_000);
    try (var gate = new DatabaseGate(database.port(), seed);
        var _ = worker(gate.url(database.url()))) {
      for (int i = 0; i < Effort.of(2, 5, 20); i++) {
        clients.send(queues, QUEUE, 100);
        gate.set(DatabaseGate.State.CUT);
        clients.send(queues, QUEUE, 20);
        gate.set(DatabaseGate.State.OPEN);
      }
      clients.settle(PATIENCE);
      assertEmptied();
    }
  }

  @Test
  void an_immediate_stop_of_postgresql_loses_nothing() {
    int stops = Effort.of(1, 2, 5);
    var clients = new Clients(database, new Random(seed), 10_000);
    try (var _ = worker(database.url())) {
      for (int i = 0; i < stops; i++) {
        clients.send(queues, QUEUE, 500);
        database.stopServerAtOnce();
        clients.send(queues, QUEUE, 100);
      }
      clients.settle(PATIENCE);
      assertEmptied();
    }
    System.out.printf("PostgreSQL stopped at once, seed %d: %d times%n", seed, stops);
  }

  /**
   * A failover as a pool meets it: connections to the old writer, which became a reader, stay and
   * fail each write; or the server ends them.
   */
  @Test
  void a_failover_loses_nothing_doubles_nothing_and_is_charged_to_no_command() throws Exception {
    int rounds = Effort.of(1, 5, 20);
    int commands = Effort.of(300, 2_000, 2_000);
    var clients = new Clients(database, new Random(seed), rounds * commands);
    try (var _ = worker(database.url())) {
      for (int i = 0; i < rounds; i++) {
        clients.send(queues, QUEUE, commands / 3);
        try (var _ = database.oldWriter("coupon_worker")) {
          clients.send(queues, QUEUE, commands / 3);
          // At the old writer nothing could be answered.
          clients.settle(PATIENCE);
          clients.send(queues, QUEUE, commands / 3);
          endConnections();
        }
        // The connections of this round write, whatever the server is: the next one needs others.
        endConnections();
      }
      clients.settle(PATIENCE);
      assertEmptied();
    }
    assertThat(database.number("SELECT count(*) FROM command_try")).isZero();
    System.out.printf(
        "failover, seed %d: %,d commands, %d times%n", seed, rounds * commands, rounds);
  }

  private void endConnections() {
    database.number(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            + " WHERE usename = 'coupon_worker' AND datname = current_database()");
  }

  @Test
  void a_frozen_postgresql_loses_nothing() throws Exception {
    var frozen = Duration.ofSeconds(Effort.of(1, 10, 60));
    var clients = new Clients(database, new Random(seed), 10_000);
    try (var _ = worker(database.url())) {
      clients.send(queues, QUEUE, 300);
      try (var _ = database.frozenServer()) {
        Thread.sleep(frozen);
      }
      clients.send(queues, QUEUE, 300);
      clients.settle(PATIENCE);
      assertEmptied();
    }
    System.out.printf("PostgreSQL frozen, seed %d: %s%n", seed, frozen);
  }
}
