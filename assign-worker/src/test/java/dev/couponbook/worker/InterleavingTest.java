package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.Command;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.RedemptionId;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.tidy.Sweep;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.CouponFactory.Terms;
import dev.couponbook.testing.Effort;
import dev.couponbook.testing.TestDatabase;
import dev.couponbook.worker.Interleavings.Operation;
import dev.couponbook.worker.Interleavings.Pair;
import dev.couponbook.worker.Interleavings.Play;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two operations in every order of their statements: whatever the order, answers and rows are as if
 * one had run after the other, and the two never deadlock.
 */
class InterleavingTest {
  private static final String ANN = "ann@x";
  private static final String ZOE = "zoe@x";
  // How many rows a sweep takes: also those that earlier orders have left.
  private static final int ALL = 1_000_000;
  // Per pair; the last number is more than there are.
  private static final int ORDERS = Effort.of(6, 40, 100_000);

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private enum Kind {
    ASSIGN,
    ASSIGN_CODE,
    LOCK,
    UNLOCK,
    REDEEM,
    REVERSE,
    SWEEP,
    LOAD,
    CHANGE,
    PAUSE,
    CLOSE,
    VOID,
    VOID_FREE,
    UNASSIGN,
    REPLACE
  }

  private static final Set<Kind> OF_FREE_CODES =
      EnumSet.of(Kind.ASSIGN, Kind.ASSIGN_CODE, Kind.SWEEP, Kind.LOAD);
  // A code that was not used, and may go back.
  private static final Set<Kind> OF_CODES_TAKEN_BACK =
      EnumSet.of(Kind.ASSIGN_CODE, Kind.LOCK, Kind.VOID, Kind.UNASSIGN, Kind.REPLACE, Kind.CLOSE);
  private static final Set<Kind> OF_HELD_CODES =
      EnumSet.of(Kind.LOCK, Kind.UNLOCK, Kind.REDEEM, Kind.REVERSE, Kind.SWEEP);

  /** The state of the book when the two begin, and which operations can meet there. */
  private enum Scene {
    NO_CODE_YET(OF_FREE_CODES),
    LAST_FREE_CODE(OF_FREE_CODES),
    LAST_FREE_CODE_EXPIRED(OF_FREE_CODES),
    CODE_USED_ONCE(OF_HELD_CODES),
    CODE_LOCKED(OF_HELD_CODES),
    LOCK_EXPIRED(OF_HELD_CODES),
    CODE_HELD_AND_ONE_FREE(OF_CODES_TAKEN_BACK),
    FREE_AND_LOCKED_CODE(EnumSet.complementOf(EnumSet.of(Kind.UNASSIGN, Kind.REPLACE)));

    private final Set<Kind> kinds;

    Scene(Set<Kind> kinds) {
      this.kinds = kinds;
    }

    List<Couple> pairs() {
      var pairs = new ArrayList<Couple>();
      for (var one : kinds) {
        for (var other : kinds) {
          if (one.compareTo(other) <= 0
              && (this != FREE_AND_LOCKED_CODE || Couple.meetNowhereElse(one, other))) {
            pairs.add(new Couple(one, other));
          }
        }
      }
      return pairs;
    }
  }

  private record Couple(Kind one, Kind other) {
    static boolean meetNowhereElse(Kind one, Kind other) {
      return !(OF_FREE_CODES.contains(one) && OF_FREE_CODES.contains(other))
          && !(OF_HELD_CODES.contains(one) && OF_HELD_CODES.contains(other));
    }
  }

  /**
   * A scene that is set: one code for operations on free codes, and one for operations on held
   * ones.
   */
  private record Stage(BookRow book, String free, String held, UUID redemption) {}

  @ParameterizedTest
  @EnumSource
  void two_operations_in_any_order_end_as_if_one_ran_after_the_other(Scene scene) throws Exception {
    var wrong = new ArrayList<String>();
    int orders = 0;
    try (var observer = database.owner().getConnection()) {
      var interleavings = new Interleavings(observer);
      for (var pair : scene.pairs()) {
        var judge = new Judge(scene, pair);
        orders += interleavings.playAll(judge::next, judge, ORDERS);
        wrong.addAll(judge.wrong);
      }
    }
    System.out.printf("%s: %,d orders of %d pairs%n", scene, orders, scene.pairs().size());
    assertThat(wrong).isEmpty();
  }

  private final class Judge implements Consumer<Play> {
    private final Scene scene;
    private final Couple couple;
    private final Set<String> serial = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();
    private int plays;
    private @Nullable Stage stage;

    Judge(Scene scene, Couple couple) {
      this.scene = scene;
      this.couple = couple;
    }

    Pair next() {
      var next = set(scene);
      stage = next;
      return new Pair(
          operation(next, couple.one()),
          database.as(role(couple.one())),
          operation(next, couple.other()),
          database.as(role(couple.other())));
    }

    @Override
    public void accept(Play play) {
      var result = play.answers() + " " + rows(Objects.requireNonNull(stage));
      if (++plays <= 2) {
        serial.add(result);
      }
      if (!serial.contains(result) || play.deadlock()) {
        wrong.add(
            "%s %s%s: %s, and not as one of %s"
                .formatted(
                    couple, play.order(), play.deadlock() ? " in a ring" : "", result, serial));
      }
    }
  }

  private static String role(Kind kind) {
    return kind == Kind.SWEEP ? "coupon_sweep" : "coupon_worker";
  }

  private Stage set(Scene scene) {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(1).maxRedeems(2));
    var absent = "NEW-" + book.number();
    return switch (scene) {
      case NO_CODE_YET -> new Stage(book, absent, absent, UUID.randomUUID());
      case LAST_FREE_CODE -> new Stage(book, rows.free(book), "", UUID.randomUUID());
      case LAST_FREE_CODE_EXPIRED ->
          new Stage(
              book,
              rows.freeUntil(book, Instant.parse("2020-01-01T00:00:00Z")),
              "",
              UUID.randomUUID());
      case CODE_USED_ONCE -> used(book, null);
      case CODE_LOCKED -> used(book, Duration.ofMinutes(5));
      case CODE_HELD_AND_ONE_FREE -> {
        var held = rows.assigned(book, ANN);
        rows.free(book);
        yield new Stage(book, held, held, UUID.randomUUID());
      }
      case LOCK_EXPIRED -> used(book, Duration.ofSeconds(-1));
      case FREE_AND_LOCKED_CODE -> {
        var held = used(book, Duration.ofMinutes(5));
        yield new Stage(book, rows.free(book), held.held(), held.redemption());
      }
    };
  }

  private Stage used(BookRow book, @Nullable Duration locked) {
    var rows = database.rows();
    var code = rows.assigned(book, ANN);
    var redemption = rows.redeem(book, code, ANN);
    if (locked != null) {
      rows.lock(book, code, ANN, "token", locked);
    }
    return new Stage(book, code, code, redemption);
  }

  private Operation operation(Stage stage, Kind kind) {
    return kind == Kind.SWEEP
        ? source -> sweep(new Transactions(source))
        : source -> {
          var message = Asks.message(stage.book().partner(), command(stage, kind));
          var transactions = new Transactions(source);
          new CommandHandler(
                  transactions,
                  WorkerSettings.DEFAULT_LOCKS_OF_USER,
                  new AnswerAddresses(transactions),
                  new WorkerMeters(new SimpleMeterRegistry()))
              .handle(List.of(message));
          var answer = new Asks(database).answer(message);
          return answer.status() < 300 ? "done" : answer.code();
        };
  }

  private static Command command(Stage stage, Kind kind) {
    var book = new BookId(stage.book().id());
    return switch (kind) {
      case ASSIGN -> new AssignAny(book, new Email(ZOE));
      case ASSIGN_CODE -> new AssignCode(book, new CouponCode(stage.free()), new Email(ZOE));
      case LOCK -> new LockCode(new CouponCode(stage.held()), new Email(ANN), null);
      case UNLOCK -> new UnlockCode(new CouponCode(stage.held()), new Email(ANN), null);
      case REDEEM -> new RedeemCode(new CouponCode(stage.held()), new Email(ANN), null);
      case REVERSE -> new ReverseRedemption(new RedemptionId(stage.redemption()), null);
      case LOAD ->
          new AddCodes(
              book,
              null,
              List.of(
                  new AddCodes.ManualCode(new CouponCode("NEW-" + stage.book().number()), null)));
      // Both limits fall to what is held and used.
      case UNASSIGN ->
          new UnassignCode(new CouponCode(stage.held()), new Email(ANN), "wrong user", true);
      case REPLACE -> new ReplaceCode(new CouponCode(stage.held()), book, new Email(ANN), "torn");
      case VOID -> new VoidCode(new CouponCode(stage.held()), book, null, true, false);
      case VOID_FREE -> new VoidCode(new CouponCode(stage.free()), book, null, true, false);
      case PAUSE -> new SetBookState(book, BookState.PAUSED, null);
      case CLOSE -> new SetBookState(book, BookState.CLOSED, null);
      case CHANGE -> new ChangeBook(book, 1, null, 1, 1, null, null, null, null, null);
      case SWEEP -> throw new IllegalArgumentException("a sweep is no command");
    };
  }

  // How many rows it took is not promised: what it left is.
  private static String sweep(Transactions transactions) {
    return transactions.inTransaction(c -> {
      if (Sweep.begin(c)) {
        Sweep.freeExpiredLocks(c, ALL);
        Sweep.voidExpiredCodes(c, ALL);
        Sweep.foldCounts(c, ALL);
      }
      return "swept";
    });
  }

  /** All that a partner could see of the book: an expired code is void, swept or not. */
  private String rows(Stage stage) {
    return database.text(
        """
        SELECT concat_ws(' version ', string_agg(concat_ws('/', CASE WHEN c.code LIKE 'NEW-%' THEN 'new' ELSE 'old' END,
                                    CASE WHEN c.expires_at <= coupon_clock() THEN 'void' ELSE c.state::text END, c.holder,
                                    c.redeemed_count, CASE WHEN l.locked_until > coupon_clock() THEN 'locked' END,
                                    CASE WHEN k.code IS NOT NULL THEN 'blocked' END),
                          ' ' ORDER BY c.code) FILTER (WHERE c.code IS NOT NULL),
               b.version || ' ' || b.state)
        FROM coupon_book b
        LEFT JOIN coupon c ON c.book_id = b.id
        LEFT JOIN coupon_lock l ON l.partner_id = c.partner_id AND l.code = c.code
        LEFT JOIN coupon_block k ON k.partner_id = c.partner_id AND k.code = c.code
        WHERE b.id = ?
        GROUP BY b.id
        """,
        stage.book().number());
  }
}
