package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.coupon.RedemptionId;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.tidy.Sweep;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.CouponFactory.Terms;
import dev.couponbook.testing.Effort;
import dev.couponbook.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many at once, each in a transaction of its own: the promises that a single thread cannot break.
 * {@link Effort} says how many rounds of each.
 */
@Tag("slow")
class RacesTest {
  private static final int RACERS = 64;
  private static final Email ANN = new Email("ann@x");

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private static BookId id(BookRow book) {
    return new BookId(book.id());
  }

  private static int rounds(String race) {
    return rounds(race, Effort.of(2, 10, 200));
  }

  private static int rounds(String race, int rounds) {
    System.out.printf("%s: %,d rounds%n", race, rounds);
    return rounds;
  }

  /** Starts all of them together; returns what each of them returned. */
  private static <T> List<T> together(ExecutorService racers, List<Callable<T>> runs)
      throws Exception {
    var start = new CyclicBarrier(runs.size());
    var finishes = new ArrayList<Future<T>>();
    for (var run : runs) {
      finishes.add(
          racers.submit(() -> {
            start.await();
            return run.call();
          }));
    }
    var results = new ArrayList<T>();
    for (var finish : finishes) {
      results.add(finish.get());
    }
    return results;
  }

  private static <T> List<Callable<T>> racers(IntFunction<Callable<T>> racer) {
    var runs = new ArrayList<Callable<T>>();
    for (int i = 0; i < RACERS; i++) {
      runs.add(racer.apply(i));
    }
    return runs;
  }

  private interface Race {
    IntFunction<Command> on(BookRow book);
  }

  /** Plays rounds of the same race, each on a book of its own, with this many winners in each. */
  private void race(String name, Terms terms, int winners, Race race) throws Exception {
    var rows = database.rows();
    var partner = rows.partner();
    var asks = new Asks(database);
    try (var racers = Executors.newFixedThreadPool(RACERS)) {
      for (int round = rounds(name); round > 0; round--) {
        var command = race.on(rows.book(partner, terms));
        var answers = together(racers, racers(i -> () -> asks.ask(partner, command.apply(i))));
        assertThat(answers.stream().filter(a -> a.status() == 200)).hasSize(winners);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void of_64_assigns_a_user_gets_as_many_codes_as_the_book_allows(int limit) throws Exception {
    race(
        "64 assigns of a user at limit " + limit,
        Terms.usual().maxCodes(limit),
        limit,
        book -> {
          database.rows().free(book, RACERS);
          return _ -> new AssignAny(id(book), ANN);
        });
  }

  @Test
  void a_code_that_64_users_ask_for_goes_to_one_of_them() throws Exception {
    race(
        "64 assigns of a code",
        Terms.usual(),
        1,
        book -> {
          var code = new CouponCode(database.rows().free(book));
          return i -> new AssignCode(id(book), code, new Email("user" + i + "@x"));
        });
  }

  @Test
  void the_last_64_codes_go_to_64_users_and_nobody_is_told_that_none_is_left() throws Exception {
    race(
        "64 assigns of the last 64 codes",
        Terms.usual(),
        RACERS,
        book -> {
          database.rows().free(book, RACERS);
          return i -> new AssignAny(id(book), new Email("user" + i + "@x"));
        });
    assertThat(database.number("SELECT count(*) FROM coupon WHERE state = 'free'")).isZero();
  }

  @Test
  void a_lock_asked_for_64_times_is_granted_once() throws Exception {
    race(
        "64 locks of a code",
        Terms.usual(),
        1,
        book -> {
          var code = new CouponCode(database.rows().assigned(book, "ann@x"));
          return _ -> new LockCode(code, ANN, null);
        });
  }

  @Test
  void a_user_with_a_limit_of_three_locks_locks_three_of_64_codes() throws Exception {
    var rows = database.rows();
    var asks = new Asks(database, 3);
    try (var racers = Executors.newFixedThreadPool(RACERS)) {
      for (int round = rounds("64 locks of a user at limit 3"); round > 0; round--) {
        var partner = rows.partner();
        var book = rows.book(partner);
        var codes = new ArrayList<CouponCode>();
        for (int i = 0; i < RACERS; i++) {
          codes.add(new CouponCode(rows.assigned(book, "ann@x")));
        }
        var locks = racers(i -> () -> asks.ask(partner, new LockCode(codes.get(i), ANN, null)));
        assertThat(together(racers, locks).stream().filter(a -> a.status() == 200)).hasSize(3);
      }
    }
  }

  @Test
  void a_locked_code_is_redeemed_once() throws Exception {
    race(
        "64 redeems under one lock",
        Terms.usual().maxRedeems(5),
        1,
        book -> {
          var code =
              new CouponCode(database.rows().locked(book, "ann@x", "t", Duration.ofMinutes(5)));
          return _ -> new RedeemCode(code, ANN, null);
        });
  }

  @Test
  void a_redemption_is_reversed_once() throws Exception {
    race(
        "64 reversals of a redemption",
        Terms.usual(),
        1,
        book -> {
          var code = database.rows().assigned(book, "ann@x");
          var redemption = new RedemptionId(database.rows().redeem(book, code, "ann@x"));
          return _ -> new ReverseRedemption(redemption, null);
        });
  }

  // 0: no limit, and each of the 64 gets a use in the end.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 0})
  void a_code_is_used_as_often_as_its_book_allows(int limit) throws Exception {
    var rows = database.rows();
    var partner = rows.partner();
    var asks = new Asks(database);
    try (var racers = Executors.newFixedThreadPool(RACERS)) {
      for (int round = rounds("64 uses of a code at limit " + limit, Effort.of(1, 2, 20));
          round > 0;
          round--) {
        var book = rows.book(partner, Terms.usual().maxRedeems(limit));
        var code = new CouponCode(rows.assigned(book, "ann@x"));
        var used = together(racers, racers(_ -> () -> lockAndRedeem(asks, partner, code)));
        assertThat(used.stream().filter(u -> u)).hasSize(limit == 0 ? RACERS : limit);
      }
    }
  }

  /** Repeats until the code is used, or used up. */
  private static boolean lockAndRedeem(Asks asks, int partner, CouponCode code) {
    while (true) {
      var lock = asks.ask(partner, new LockCode(code, ANN, null));
      if (lock.code().equals("max_redeems_per_user")) {
        return false;
      }
      if (lock.status() == 200) {
        var token = new LockToken(lock.body().path("lockToken").asString());
        assertThat(asks.ask(partner, new RedeemCode(code, ANN, token)).status()).isEqualTo(200);
        return true;
      }
    }
  }

  @Test
  void when_a_lock_ends_either_a_redeem_or_the_sweep_gets_it() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var asks = new Asks(database);
    var transactions = new Transactions(database.as("coupon_sweep"));
    var dice = new Random(Seed.printed("redeem against sweep"));
    int redeemed = 0;
    int rounds = rounds("redeem against sweep", Effort.of(50, 300, 2_000));
    try (var racers = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < rounds; round++) {
        // About as long as a redeem takes to reach its lock.
        var left = Duration.ofNanos(dice.nextLong(8_000_000));
        var code = new CouponCode(rows.locked(book, "ann@x", "t", left));
        Callable<Integer> redeem =
            () -> asks.ask(book.partner(), new RedeemCode(code, ANN, null)).status();
        Callable<Integer> free =
            () -> transactions.inTransaction(c -> Sweep.freeExpiredLocks(c, 10));
        var results = together(racers, List.of(redeem, free));
        // If the redeem was refused, it has seen the lock expired: then the sweep has it, now
        // or later.
        int freed = results.getLast() + (results.getFirst() == 200 ? 0 : free.call());
        assertThat((results.getFirst() == 200 ? 1 : 0) + freed).as("%s", results).isEqualTo(1);
        redeemed += results.getFirst() == 200 ? 1 : 0;
      }
    }
    System.out.printf("redeem against sweep: %,d of %,d redeemed%n", redeemed, rounds);
  }

  @Test
  void of_a_void_and_a_redeem_exactly_one_wins() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var asks = new Asks(database);
    int redeemed = 0;
    int rounds = rounds("void against redeem", Effort.of(30, 300, 2_000));
    try (var racers = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < rounds; round++) {
        var code = new CouponCode(rows.locked(book, "ann@x"));
        var commands =
            List.of(new RedeemCode(code, ANN, null), new VoidCode(code, null, null, true, false));
        var answers =
            together(
                racers,
                commands.stream()
                    .<Callable<Asks.Answer>>map(c -> () -> asks.ask(book.partner(), c))
                    .toList());
        boolean used = answers.getFirst().status() == 200;
        assertThat(used ? answers.getLast().code() : answers.getFirst().code())
            .as("%s", answers)
            .isEqualTo(used ? "already_redeemed" : "not_locked");
        assertThat(answers.stream().filter(a -> a.status() == 200)).hasSize(1);
        redeemed += used ? 1 : 0;
      }
    }
    System.out.printf("void against redeem: %,d of %,d redeemed%n", redeemed, rounds);
  }

  @Test
  void of_a_lock_and_taking_the_code_back_exactly_one_wins() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var asks = new Asks(database);
    int rounds = rounds("taking back against lock", Effort.of(30, 300, 2_000));
    try (var racers = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < rounds; round++) {
        var code = new CouponCode(rows.assigned(book, "ann@x"));
        var commands =
            List.of(new LockCode(code, ANN, null), new UnassignCode(code, ANN, "race", true));
        var answers =
            together(
                racers,
                commands.stream()
                    .<Callable<Asks.Answer>>map(c -> () -> asks.ask(book.partner(), c))
                    .toList());
        boolean locked = answers.getFirst().status() == 200;
        assertThat(locked ? answers.getLast().code() : answers.getFirst().code())
            .as("%s", answers)
            .isEqualTo(locked ? "in_use" : "coupon_not_found");
        assertThat(answers.stream().filter(a -> a.status() == 200)).hasSize(1);
      }
    }
  }

  @Test
  void a_limit_that_falls_among_64_assigns_of_a_user_is_not_passed_afterwards() throws Exception {
    var rows = database.rows();
    var partner = rows.partner();
    var asks = new Asks(database);
    try (var racers = Executors.newFixedThreadPool(RACERS)) {
      for (int round = rounds("a limit that falls among 63 assigns"); round > 0; round--) {
        var book = rows.book(partner, Terms.usual().maxCodes(3));
        rows.free(book, RACERS);
        var falls = new ChangeBook(id(book), null, null, 1, null, null, null, null, null, null);
        var answers =
            together(
                racers,
                racers(
                    i -> () -> asks.ask(partner, i == 0 ? falls : new AssignAny(id(book), ANN))));
        assertThat(answers.getFirst().status()).isEqualTo(200);
        assertThat(answers.stream().skip(1).filter(a -> a.status() == 200)).hasSizeBetween(1, 3);
        assertThat(asks.ask(partner, new AssignAny(id(book), ANN)).code())
            .isEqualTo("max_codes_per_user");
      }
    }
  }

  @Test
  void once_a_pause_is_answered_no_code_is_assigned() throws Exception {
    var rows = database.rows();
    var partner = rows.partner();
    var asks = new Asks(database);
    try (var racers = Executors.newFixedThreadPool(RACERS)) {
      for (int round = rounds("a pause among 63 assigns"); round > 0; round--) {
        var book = rows.book(partner);
        rows.free(book, RACERS);
        var pause = new SetBookState(id(book), BookState.PAUSED, null);
        var answers =
            together(
                racers,
                racers(
                    i -> () -> asks.ask(partner, i == 0 ? pause : new AssignAny(id(book), ANN))));
        assertThat(answers.stream().map(a -> a.status() == 200 ? "ok" : a.code()))
            .containsOnly("ok", "book_paused");
        assertThat(answers.getFirst().status()).isEqualTo(200);
        assertThat(asks.ask(partner, new AssignAny(id(book), ANN)).code()).isEqualTo("book_paused");
      }
    }
  }

  @Test
  void batches_that_change_books_and_assign_from_them_do_not_wait_for_each_other()
      throws Exception {
    var rows = database.rows();
    int partner = rows.partner();
    var books = new ArrayList<BookRow>();
    for (int i = 0; i < 10; i++) {
      books.add(rows.book(partner));
      rows.free(books.getLast(), 200);
    }
    inOppositeOrder(
        10,
        order -> {
          var batch = new ArrayList<CommandMessage>();
          for (int i : order) {
            batch.add(Asks.message(partner, new AssignAny(id(books.get(i)), ANN)));
            batch.add(
                Asks.message(
                    partner,
                    new ChangeBook(
                        id(books.get(i)),
                        null,
                        "Book " + i,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)));
          }
          return batch;
        });
    assertThat(database.number("SELECT count(*) FROM coupon_book_change")).isEqualTo(1_000);
  }

  // The edge makes the same request id from the same Idempotency-Key.
  @ParameterizedTest
  @ValueSource(ints = {50, 64})
  void one_request_that_comes_many_times_at_once_has_one_effect(int times) throws Exception {
    var rows = database.rows();
    var asks = new Asks(database);
    var partner = rows.partner();
    int rounds = rounds("the same request " + times + " times");
    try (var racers = Executors.newFixedThreadPool(RACERS)) {
      for (int round = 0; round < rounds; round++) {
        var book = rows.book(partner);
        rows.free(book, RACERS);
        var message = Asks.message(partner, new AssignAny(id(book), ANN));
        var runs = racers(_ -> () -> asks.handler.handle(List.of(message))).subList(0, times);
        assertThat(new HashSet<>(together(racers, runs)))
            .containsExactly(Set.of(message.requestId()));
      }
    }
    assertThat(database.number("SELECT count(*) FROM coupon WHERE state = 'assigned'"))
        .isEqualTo(rounds);
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
    inOppositeOrder(
        20,
        order -> {
          var batch = new ArrayList<CommandMessage>();
          order.forEach(
              i -> batch.add(Asks.message(book.partner(), new LockCode(codes.get(i), ANN, null))));
          order.forEach(i ->
              batch.add(Asks.message(book.partner(), new RedeemCode(codes.get(i), ANN, null))));
          return batch;
        });
    assertThat(database.number("SELECT sum(redeemed_count) FROM coupon")).isGreaterThan(0);
  }

  @Test
  void batches_of_the_same_users_in_opposite_order_do_not_wait_for_each_other() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 2_000);
    inOppositeOrder(
        20,
        order ->
            order.stream()
                .map(i -> new AssignAny(id(book), new Email("user" + i + "@x")))
                .map(assign -> Asks.message(book.partner(), assign))
                .toList());
    assertThat(database.number("SELECT count(*) FROM coupon WHERE state = 'assigned'"))
        .isEqualTo(2_000);
  }

  @Test
  void batches_of_the_same_messages_in_opposite_order_do_not_wait_for_each_other()
      throws Exception {
    int partner = database.rows().partner();
    var rounds = new ConcurrentHashMap<Integer, List<CommandMessage>>();
    var turns = new ConcurrentHashMap<Boolean, AtomicInteger>();
    // Many, because only their last statements can meet: twenty have been seen to miss each
    // other.
    inOppositeOrder(
        200,
        order -> {
          int round =
              turns
                  .computeIfAbsent(order.getFirst() == 0, _ -> new AtomicInteger())
                  .getAndIncrement();
          // For codes that do not exist, so that nothing but the answers can meet.
          var messages =
              rounds.computeIfAbsent(
                  round,
                  _ ->
                      order.stream()
                          .map(_ -> new UnlockCode(new CouponCode("NONE"), ANN, null))
                          .map(unlock -> Asks.message(partner, unlock))
                          .toList());
          return order.getFirst() == 0 ? messages : messages.reversed();
        });
    assertThat(database.number("SELECT count(*) FROM command_outcome")).isEqualTo(10_000);
  }

  /** Two workers with fifty batches each; one has the things in the opposite order of the other. */
  private void inOppositeOrder(int count, Function<List<Integer>, List<CommandMessage>> batch)
      throws Exception {
    var things = IntStream.range(0, count).boxed().toList();
    long deadlocksBefore = deadlocks();
    var asks = new Asks(database);
    var nextRound = new CyclicBarrier(2);
    try (var workers = Executors.newFixedThreadPool(2)) {
      together(
          workers,
          Stream.of(things, things.reversed())
              .<Callable<Boolean>>map(order ->
                  () -> {
                    for (int round = 0; round < 50; round++) {
                      var mine = batch.apply(order);
                      nextRound.await();
                      asks.handler.handle(mine);
                    }
                    return true;
                  })
              .toList());
    }
    assertThat(deadlocks()).isEqualTo(deadlocksBefore);
  }

  private long deadlocks() {
    return database.number(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }
}
