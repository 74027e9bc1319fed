package dev.couponbook.edge.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.problem.ProblemException;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AcceptedKeysTest {
  private final AcceptedKeys keys = new AcceptedKeys();
  private final RequestId id = new RequestId(UUID.randomUUID());
  private final Fingerprint one = Fingerprint.of("one");

  @Test
  void fifty_at_once_send_once() throws Exception {
    var sent = new AtomicInteger();
    var go = new CountDownLatch(1);
    Callable<Void> request =
        () -> {
          go.await();
          keys.once(id, one, sent::incrementAndGet);
          return null;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = Stream.generate(() -> threads.submit(request)).limit(50).toList();
      go.countDown();
      for (var each : all) {
        each.get();
      }
    }
    assertThat(sent).hasValue(1);
  }

  @Test
  void a_key_that_comes_with_something_else_is_refused() {
    keys.once(id, one, () -> {});
    assertThatThrownBy(() -> keys.once(id, Fingerprint.of("two"), () -> {}))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(422));
  }

  @Test
  void a_failed_send_does_not_use_the_key_up() {
    assertThatThrownBy(() ->
            keys.once(
                id,
                one,
                () -> {
                  throw new IllegalStateException("queue away");
                }))
        .hasMessage("queue away");
    assertThatCode(() -> keys.once(id, Fingerprint.of("two"), () -> {})).doesNotThrowAnyException();
  }
}
