package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An edge that is told to stop owes nobody an answer when it has stopped. */
@Tag("slow")
class GracefulStopTest {
  private static final int CLIENTS = 8;
  private static final int WARM = 5;
  private static final String ASSIGN =
      "{\"bookId\":\"" + RunningEdge.BOOK + "\",\"email\":\"late@example.com\"}";

  @Test
  void open_requests_are_answered_and_no_new_ones_are_taken() throws Exception {
    var running = new RunningEdge();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var acme = running.acme();
      var warm = new CountDownLatch(CLIENTS * WARM);
      var statuses = new ArrayList<Future<List<Integer>>>();
      for (int i = 0; i < CLIENTS; i++) {
        statuses.add(threads.submit(untilRefused(acme, warm)));
      }
      var inside = threads.submit(() -> acme.post("/coupons/assign", ASSIGN, "Prefer", "wait=2"));
      running.surroundings.awaitMessage("coupon-commands");
      warm.await();

      running.edge.close();

      assertThat(inside.get().status()).isEqualTo(202);
      for (var status : statuses) {
        assertThat(status.get()).hasSizeGreaterThanOrEqualTo(WARM).containsOnly(200);
      }
      assertThatThrownBy(() -> acme.get("/coupons")).isInstanceOf(UncheckedIOException.class);
    } finally {
      running.surroundings.close();
    }
  }

  /** The statuses of whole answers; the first request that gets none ends it. */
  private static Callable<List<Integer>> untilRefused(Client client, CountDownLatch warm) {
    return () -> {
      var statuses = new ArrayList<Integer>();
      try {
        while (true) {
          statuses.add(client.get("/coupons").status());
          warm.countDown();
        }
      } catch (UncheckedIOException stopped) {
        return statuses;
      }
    };
  }
}
