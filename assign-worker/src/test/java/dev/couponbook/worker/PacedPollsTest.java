package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandler.ReleaseReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacedPollsTest {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration AT_ONCE = Duration.ofMillis(100);

  private volatile boolean busy;
  private final PacedPolls polls = new PacedPolls(10, 40, PAUSE, () -> busy);

  @Test
  void two_polls_are_open_when_it_is_quiet() throws InterruptedException {
    assertThat(polls.requestBatch()).isEqualTo(10);
    assertThat(polls.requestBatch()).isEqualTo(10);

    assertThat(polls.requestBatch()).isZero();
  }

  @Test
  void an_empty_poll_is_followed_by_the_next_at_once() throws InterruptedException {
    polls.requestBatch();
    polls.release(10, ReleaseReason.NONE_FETCHED);

    assertThat(timeOfRequest()).isLessThan(AT_ONCE);
  }

  @Test
  void a_poll_that_brought_a_few_is_followed_by_a_pause() throws InterruptedException {
    polls.requestBatch();
    polls.release(8, ReleaseReason.PARTIAL_FETCH);

    assertThat(timeOfRequest()).isGreaterThanOrEqualTo(PAUSE);
  }

  @Test
  void a_message_that_came_alone_makes_nobody_wait() throws InterruptedException {
    polls.requestBatch();
    polls.release(9, ReleaseReason.PARTIAL_FETCH);

    assertThat(timeOfRequest()).isLessThan(AT_ONCE);
  }

  @Test
  void nothing_is_asked_for_while_there_is_enough_to_do() throws InterruptedException {
    busy = true;
    assertThat(polls.requestBatch()).isZero();

    busy = false;
    assertThat(polls.requestBatch()).isEqualTo(10);
  }

  @Test
  void each_full_poll_adds_another_up_to_the_limit() throws InterruptedException {
    full();
    full();
    assertThat(polls.requestBatch()).isEqualTo(10);
    assertThat(polls.requestBatch()).isEqualTo(10);

    // 20 are held, 20 are asked for.
    assertThat(polls.requestBatch()).isZero();
    processed(10);
    assertThat(polls.requestBatch()).isEqualTo(10);
  }

  @Test
  void a_stop_waits_for_messages_that_are_held() throws InterruptedException {
    full();
    assertThat(polls.drain(Duration.ofMillis(10))).isFalse();

    processed(10);
    assertThat(polls.drain(Duration.ofMillis(10))).isTrue();
  }

  private void full() throws InterruptedException {
    polls.requestBatch();
    polls.release(0, ReleaseReason.PARTIAL_FETCH);
  }

  private void processed(int messages) {
    for (int i = 0; i < messages; i++) {
      polls.release(1, ReleaseReason.PROCESSED);
    }
  }

  private Duration timeOfRequest() throws InterruptedException {
    long before = System.nanoTime();
    assertThat(polls.requestBatch()).isEqualTo(10);
    return Duration.ofNanos(System.nanoTime() - before);
  }
}
