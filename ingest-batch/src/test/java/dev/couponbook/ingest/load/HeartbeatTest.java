package dev.couponbook.ingest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.awspring.cloud.sqs.listener.Visibility;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Heartbeat heartbeat =
      new Heartbeat(new LoadMeters(registry), Duration.ofMillis(20));

  @AfterEach
  void close() {
    heartbeat.close();
  }

  @Test
  void message_is_kept_invisible_for_a_minute_at_a_time_until_its_work_ends() {
    var beats = new AtomicInteger();
    Visibility visibility =
        seconds -> {
          assertThat(seconds).isEqualTo(60);
          beats.incrementAndGet();
          return CompletableFuture.allOf();
        };
    try (var beating = heartbeat.keepInvisible(visibility)) {
      await().until(() -> beats.get() >= 3);
      assertThat(age()).isLessThan(10);
    }
    int atEnd = beats.get();
    await().pollDelay(Duration.ofMillis(100)).until(() -> beats.get() <= atEnd + 1);
  }

  @Test
  void failed_beats_show_as_the_age_of_the_last_good_one_and_the_beat_goes_on() {
    var beats = new AtomicInteger();
    Visibility visibility =
        seconds -> {
          beats.incrementAndGet();
          return CompletableFuture.failedFuture(new IllegalStateException("no queue"));
        };
    try (var beating = heartbeat.keepInvisible(visibility)) {
      await().until(() -> beats.get() >= 3);
      assertThat(age()).isGreaterThan(0.03);
      beating.close();
    }
    assertThat(age()).as("without work").isZero();
  }

  private double age() {
    return registry.get("coupon.load.heartbeat.age").timeGauge().value();
  }
}
