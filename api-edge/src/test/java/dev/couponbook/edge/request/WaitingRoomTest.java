package dev.couponbook.edge.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.SharedEdge;
import dev.couponbook.edge.database.OutcomeNews;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.TellOutcomes;
import dev.couponbook.store.read.ReadRequests.Finished;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The database does not feel how many wait. */
class WaitingRoomTest {
  private static final PartnerId ACME = new PartnerId(1);
  private static final int WAITERS = 2_000;
  private static final Duration WAIT = Duration.ofSeconds(2);

  private static WaitingRoom room(WatchedPool pool, boolean listens) {
    return new WaitingRoom(new Transactions(pool), new OutcomeNews(SharedEdge.database(), listens));
  }

  private static Optional<Finished> await(WaitingRoom room, Duration longest) {
    try (var place = room.enter(ACME, new RequestId(UUID.randomUUID()))) {
      return place.await(longest);
    }
  }

  @Test
  void two_thousand_waiting_requests_cost_one_transaction_per_tick() throws InterruptedException {
    var counted = new WatchedPool(SharedEdge.pool()::getConnection);
    var room = room(counted, false);
    var done = new CountDownLatch(WAITERS);
    try (var waiters = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, WAITERS)
          .forEach(_ ->
              waiters.execute(() -> {
                assertThat(await(room, WAIT)).isEmpty();
                done.countDown();
              }));
      done.await();
    } finally {
      room.close();
    }
    // 60 a second are aimed at, over 2 s and the time in which the last of them came.
    assertThat(counted.transactions.get()).isBetween(10, 180);
  }

  // With two thousand a query itself takes longer than a tick on a busy machine, and would hide it.
  @Test
  void one_waiting_request_costs_one_transaction_per_tick_too() {
    var counted = new WatchedPool(SharedEdge.pool()::getConnection);
    var room = room(counted, false);
    assertThat(await(room, WAIT)).isEmpty();
    room.close();
    assertThat(counted.transactions.get()).isBetween(5, 120);
  }

  @Test
  void without_waiting_requests_nothing_is_asked() {
    var counted = new WatchedPool(SharedEdge.pool()::getConnection);
    var room = room(counted, false);
    assertThat(await(room, Duration.ofMillis(100))).isEmpty();
    int before = counted.transactions.get();
    room.runOnce();
    assertThat(counted.transactions.get()).isEqualTo(before);
    room.close();
  }

  @Test
  void outcomes_of_which_it_hears_are_looked_up_at_once_and_together() throws Exception {
    var counted = new WatchedPool(SharedEdge.pool()::getConnection);
    var room =
        new WaitingRoom(
            new Transactions(counted),
            new OutcomeNews(SharedEdge.database(), true),
            Duration.ofHours(1));
    Awaitility.await().until(() -> room.address().isPresent());
    var ids = IntStream.range(0, 50).mapToObj(_ -> new RequestId(UUID.randomUUID())).toList();
    var places = ids.stream().map(id -> room.enter(ACME, id)).toList();
    ids.forEach(id -> SharedEdge.answer(ACME, id));
    try (var connection = SharedEdge.pool().getConnection()) {
      TellOutcomes.tell(connection, Map.of(room.address().orElseThrow(), ids));
    }
    for (var place : places) {
      assertThat(place.await(WAIT)).isPresent();
      place.close();
    }
    assertThat(counted.transactions.get()).isEqualTo(1);
    room.close();
  }

  @Test
  void whatever_was_not_told_is_found_all_the_same() {
    var counted = new WatchedPool(SharedEdge.pool()::getConnection);
    var room = room(counted, true);
    Awaitility.await().until(() -> room.address().isPresent());
    var id = new RequestId(UUID.randomUUID());
    try (var place = room.enter(ACME, id)) {
      SharedEdge.answer(ACME, id);
      assertThat(place.await(WAIT)).isPresent();
    }
    room.close();
  }
}
