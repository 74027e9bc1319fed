package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.Command;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.testing.CouponFactory.Terms;
import dev.couponbook.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many at once, each in a transaction of its own: the promises that a single thread cannot break.
 */
class RacesTest {
  private static final int RACERS = 64;
  // Connecting takes longer than a command: who had to connect first would come too late to race.
  private static final int CONNECTED = 8;
  private static final Email ANN = new Email("ann@x");

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private List<Asks.Answer> race(int partner, IntFunction<Command> command)
      throws InterruptedException, ExecutionException {
    return race(new Asks(database), partner, command);
  }

  private List<Asks.Answer> race(Asks asks, int partner, IntFunction<Command> command)
      throws InterruptedException, ExecutionException {
    connect();
    var start = new CyclicBarrier(RACERS);
    try (var racers = Executors.newFixedThreadPool(RACERS)) {
      var finishes = new ArrayList<Future<Asks.Answer>>();
      for (int i = 0; i < RACERS; i++) {
        var mine = command.apply(i);
        finishes.add(
            racers.submit(() -> {
              start.await();
              return asks.ask(partner, mine);
            }));
      }
      var answers = new ArrayList<Asks.Answer>();
      for (var finish : finishes) {
        answers.add(finish.get());
      }
      return answers;
    }
  }

  private void connect() {
    var connections = new ArrayList<Connection>();
    try {
      for (int i = 0; i < CONNECTED; i++) {
        connections.add(database.as("coupon_worker").getConnection());
      }
      for (var connection : connections) {
        connection.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long done(List<Asks.Answer> answers) {
    return answers.stream().filter(a -> a.status() == 200).count();
  }

  @RepeatedTest(3)
  void a_limit_of_three_codes_a_user_lets_three_of_64_through() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(3));
    rows.free(book, 200);
    assertThat(done(race(book.partner(), _ -> new AssignAny(new BookId(book.id()), ANN))))
        .isEqualTo(3);
  }

  @RepeatedTest(3)
  void one_code_asked_for_by_64_users_goes_to_one() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var code = new CouponCode(rows.free(book));
    assertThat(
            done(
                race(
                    book.partner(),
                    i ->
                        new AssignCode(new BookId(book.id()), code, new Email("user" + i + "@x")))))
        .isEqualTo(1);
  }

  @RepeatedTest(3)
  void the_last_64_codes_go_to_64_users_and_nobody_is_told_that_none_is_left() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, RACERS);
    var answers =
        race(
            book.partner(),
            i -> new AssignAny(new BookId(book.id()), new Email("user" + i + "@x")));
    assertThat(done(answers)).isEqualTo(RACERS);
    var codes = new HashSet<String>();
    answers.forEach(a -> codes.add(a.body().path("code").asString()));
    assertThat(codes).hasSize(RACERS);
  }

  @RepeatedTest(3)
  void a_lock_asked_for_64_times_is_granted_once() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var code = new CouponCode(rows.assigned(book, "ann@x"));
    assertThat(done(race(book.partner(), _ -> new LockCode(code, ANN, null)))).isEqualTo(1);
  }

  @RepeatedTest(3)
  void a_user_with_a_limit_of_three_locks_locks_three_of_64_codes() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var codes = new ArrayList<CouponCode>();
    for (int i = 0; i < RACERS; i++) {
      codes.add(new CouponCode(rows.assigned(book, "ann@x")));
    }
    var answers =
        race(new Asks(database, 3), book.partner(), i -> new LockCode(codes.get(i), ANN, null));
    assertThat(done(answers)).isEqualTo(3);
    assertThat(database.number("SELECT count(*) FROM coupon_lock")).isEqualTo(3);
  }

  @RepeatedTest(3)
  void a_locked_code_is_redeemed_once() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxRedeems(5));
    var code = new CouponCode(rows.locked(book, "ann@x", "t", Duration.ofMinutes(5)));
    assertThat(done(race(book.partner(), _ -> new RedeemCode(code, ANN, null)))).isEqualTo(1);
  }

  @Test
  void one_message_delivered_64_times_at_once_has_one_effect() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 200);
    var message = Asks.message(book.partner(), new AssignAny(new BookId(book.id()), ANN));
    var asks = new Asks(database);
    var start = new CyclicBarrier(RACERS);
    try (var racers = Executors.newFixedThreadPool(RACERS)) {
      var finishes = new ArrayList<Future<?>>();
      for (int i = 0; i < RACERS; i++) {
        finishes.add(
            racers.submit(() -> {
              start.await();
              return asks.handler.handle(List.of(message));
            }));
      }
      for (var finish : finishes) {
        finish.get();
      }
    }
    assertThat(database.number("SELECT count(*) FROM coupon WHERE state = 'assigned'"))
        .isEqualTo(1);
  }

  @Test
  void batches_that_name_the_same_codes_in_opposite_order_do_not_wait_for_each_other()
      throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxRedeems(0));
    var codes = new ArrayList<CouponCode>();
    for (int i = 0; i < 20; i++) {
      codes.add(new CouponCode(rows.assigned(book, "ann@x")));
    }
    long deadlocksBefore = deadlocks();
    var asks = new Asks(database);
    try (var workers = Executors.newFixedThreadPool(2)) {
      var finishes = new ArrayList<Future<?>>();
      for (var order : List.of(codes, codes.reversed())) {
        finishes.add(
            workers.submit(() -> {
              for (int round = 0; round < 50; round++) {
                var batch =
                    new ArrayList<>(
                        order.stream()
                            .map(c -> Asks.message(book.partner(), new LockCode(c, ANN, null)))
                            .toList());
                order.forEach(
                    c -> batch.add(Asks.message(book.partner(), new RedeemCode(c, ANN, null))));
                asks.handler.handle(batch);
              }
            }));
      }
      for (var finish : finishes) {
        finish.get();
      }
    }
    assertThat(deadlocks()).isEqualTo(deadlocksBefore);
    assertThat(database.number("SELECT sum(redeemed_count) FROM coupon")).isGreaterThan(0);
  }

  private long deadlocks() {
    return database.number(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }
}
