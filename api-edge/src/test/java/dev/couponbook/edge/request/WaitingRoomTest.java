package dev.couponbook.edge.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.SharedEdge;
import dev.couponbook.postgres.Transactions;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The database does not feel how many wait. */
class WaitingRoomTest {
  private static final PartnerId ACME = new PartnerId(1);
  private static final int WAITERS = 2_000;
  private static final Duration WAIT = Duration.ofSeconds(2);

  @Test
  void two_thousand_waiting_requests_cost_one_transaction_per_tick() throws InterruptedException {
    var counted = new WatchedPool(SharedEdge.pool()::getConnection);
    var room = new WaitingRoom(new Transactions(counted));
    var done = new CountDownLatch(WAITERS);
    try (var waiters = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, WAITERS)
          .forEach(_ ->
              waiters.execute(() -> {
                assertThat(room.await(ACME, new RequestId(UUID.randomUUID()), WAIT)).isEmpty();
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
    var room = new WaitingRoom(new Transactions(counted));
    assertThat(room.await(ACME, new RequestId(UUID.randomUUID()), WAIT)).isEmpty();
    room.close();
    assertThat(counted.transactions.get()).isBetween(5, 120);
  }

  @Test
  void without_waiting_requests_nothing_is_asked() {
    var counted = new WatchedPool(SharedEdge.pool()::getConnection);
    var room = new WaitingRoom(new Transactions(counted));
    assertThat(room.await(ACME, new RequestId(UUID.randomUUID()), Duration.ofMillis(100)))
        .isEmpty();
    assertThat(room.runOnce()).isZero();
    int before = counted.transactions.get();
    assertThat(room.runOnce()).isZero();
    assertThat(counted.transactions.get()).isEqualTo(before);
    room.close();
  }
}
