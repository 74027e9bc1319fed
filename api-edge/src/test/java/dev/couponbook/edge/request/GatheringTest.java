package dev.couponbook.edge.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatheringTest {
  @Test
  void goes_on_when_one_of_its_turns_fails() throws InterruptedException {
    var turns = new CountDownLatch(3);
    try (var gathering = new CommandQueue.Gathering()) {
      gathering.scheduleAtFixedRate(
          () -> {
            turns.countDown();
            throw new IllegalStateException("on purpose");
          },
          1,
          1,
          TimeUnit.MILLISECONDS);
      assertThat(turns.await(10, TimeUnit.SECONDS)).isTrue();
      gathering.shutdownNow();
    }
  }
}
