package dev.couponbook.edge.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.SharedEdge;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadRequests.Known;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that are asked about together are answered together, each with its own state. */
class KnownRequestsTest {
  private static final PartnerId ACME = new PartnerId(1);
  private static final int ASKERS = 1_000;

  private final WatchedPool pool = new WatchedPool(SharedEdge.pool()::getConnection);
  private final KnownRequests requests = new KnownRequests(new Transactions(pool));

  @Test
  void a_thousand_questions_at_once_get_their_own_answers_in_a_few_transactions() throws Exception {
    var answered = new RequestId(UUID.randomUUID());
    SharedEdge.answer(ACME, answered);
    var answers = new LinkedHashMap<RequestId, ArrayList<Future<Known>>>();
    try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < ASKERS; i++) {
        var id = i % 10 == 0 ? answered : new RequestId(UUID.randomUUID());
        answers
            .computeIfAbsent(id, _ -> new ArrayList<>())
            .add(askers.submit(() -> requests.find(ACME, id)));
      }
    }
    for (var asked : answers.entrySet()) {
      for (var answer : asked.getValue()) {
        var finished = answer.get().finished();
        assertThat(finished == null ? null : finished.id())
            .isEqualTo(asked.getKey().equals(answered) ? answered : null);
      }
    }
    assertThat(pool.transactions.get()).isLessThan(ASKERS / 5);
  }

  @Test
  void a_lone_question_costs_one_transaction() {
    assertThat(requests.find(ACME, new RequestId(UUID.randomUUID())).finished()).isNull();
    assertThat(pool.transactions.get()).isEqualTo(1);
  }

  @Test
  void a_database_that_is_away_fails_the_question_and_the_next_one_asks_again() {
    var id = new RequestId(UUID.randomUUID());
    pool.become(() -> {
      throw new SQLTransientConnectionException("away");
    });
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> requests.find(ACME, id)).isInstanceOf(DatabaseException.class);
    }
    pool.become(SharedEdge.pool()::getConnection);
    assertThat(requests.find(ACME, id).finished()).isNull();
  }

  @Test
  @Timeout(60)
  void nobody_waits_longer_than_two_seconds_behind_look_ups_that_hang() throws Exception {
    var id = new RequestId(UUID.randomUUID());
    var silence = new CountDownLatch(1);
    var hanging = new CountDownLatch(2);
    pool.become(() -> {
      hanging.countDown();
      silence.await();
      return SharedEdge.pool().getConnection();
    });
    try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
      askers.submit(() -> requests.find(ACME, id));
      askers.submit(() -> requests.find(ACME, id));
      hanging.await();
      var began = Instant.now();
      assertThatThrownBy(() -> requests.find(ACME, id))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("said nothing for 2 s");
      assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(4));
      silence.countDown();
    }
    assertThat(requests.find(ACME, id).finished()).isNull();
  }
}
