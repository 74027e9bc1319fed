package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.AssignCode;
import dev.couponbook.command.Command;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.testing.CouponFactory;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.CouponFactory.Terms;
import dev.couponbook.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command in every state of a code: the whole table, against the real database. */
class ConformanceTest {
  private static final String ANN = "ann@x";
  private static final Instant PAST = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant FUTURE = Instant.parse("2090-01-01T00:00:00Z");

  @RegisterExtension static final TestDatabase database = new TestDatabase();

  private enum State {
    ABSENT {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return "NO-SUCH-CODE";
      }
    },
    OF_ANOTHER_PARTNER {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.locked(rows.book(rows.partner()), ANN);
      }
    },
    FREE {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.free(book);
      }
    },
    FREE_BUT_EXPIRED {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.freeUntil(book, PAST);
      }
    },
    VOID {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.voided(book);
      }
    },
    OF_ANOTHER_USER {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.locked(book, "bob@x");
      }
    },
    ASSIGNED {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.assigned(book, ANN);
      }
    },
    ASSIGNED_IN_A_BOOK_NOT_STARTED {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.assigned(rows.book(book.partner(), Terms.usual().startsAt(FUTURE)), ANN);
      }
    },
    ASSIGNED_IN_A_BOOK_ENDED {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.assigned(rows.book(book.partner(), Terms.usual().expiresAt(PAST)), ANN);
      }
    },
    LOCKED {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.locked(book, ANN, "token", Duration.ofMinutes(5));
      }
    },
    FREE_IN_A_PAUSED_BOOK {
      @Override
      String make(CouponFactory rows, BookRow book) {
        var code = rows.free(book);
        rows.pause(book);
        return code;
      }
    },
    ASSIGNED_IN_A_PAUSED_BOOK {
      @Override
      String make(CouponFactory rows, BookRow book) {
        var code = rows.assigned(book, ANN);
        rows.pause(book);
        return code;
      }
    },
    LOCKED_IN_A_PAUSED_BOOK {
      @Override
      String make(CouponFactory rows, BookRow book) {
        var code = rows.locked(book, ANN, "token", Duration.ofMinutes(5));
        rows.pause(book);
        return code;
      }
    },
    LOCKED_IN_A_CLOSED_BOOK {
      @Override
      String make(CouponFactory rows, BookRow book) {
        var code = rows.locked(book, ANN, "token", Duration.ofMinutes(5));
        rows.close(book);
        return code;
      }
    },
    LOCK_EXPIRED {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.expiredLock(book, ANN);
      }
    },
    BLOCKED {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.blocked(book, ANN);
      }
    },
    VOID_BY_ORDER {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.voidedByOrder(book);
      }
    },
    USED_UP {
      @Override
      String make(CouponFactory rows, BookRow book) {
        return rows.redeemed(book, ANN, 1);
      }
    };

    abstract String make(CouponFactory rows, BookRow book);
  }

  private enum Ask {
    ASSIGN_CODE {
      @Override
      Command command(BookRow book, String code) {
        return new AssignCode(new BookId(book.id()), new CouponCode(code), new Email(ANN));
      }
    },
    LOCK {
      @Override
      Command command(BookRow book, String code) {
        return new LockCode(new CouponCode(code), new Email(ANN), null);
      }
    },
    LOCK_WITH_ITS_TOKEN {
      @Override
      Command command(BookRow book, String code) {
        return new LockCode(new CouponCode(code), new Email(ANN), new LockToken("token"));
      }
    },
    UNLOCK {
      @Override
      Command command(BookRow book, String code) {
        return new UnlockCode(new CouponCode(code), new Email(ANN), null);
      }
    },
    REDEEM {
      @Override
      Command command(BookRow book, String code) {
        return new RedeemCode(new CouponCode(code), new Email(ANN), null);
      }
    },
    REDEEM_WITH_ITS_TOKEN {
      @Override
      Command command(BookRow book, String code) {
        return new RedeemCode(new CouponCode(code), new Email(ANN), new LockToken("token"));
      }
    },
    REDEEM_WITH_A_WRONG_TOKEN {
      @Override
      Command command(BookRow book, String code) {
        return new RedeemCode(new CouponCode(code), new Email(ANN), new LockToken("wrong"));
      }
    },
    VOID {
      @Override
      Command command(BookRow book, String code) {
        return new VoidCode(new CouponCode(code), null, null, true, false);
      }
    },
    VOID_UNLESS_LOCKED {
      @Override
      Command command(BookRow book, String code) {
        return new VoidCode(new CouponCode(code), null, null, false, false);
      }
    },
    LIFT {
      @Override
      Command command(BookRow book, String code) {
        return new VoidCode(new CouponCode(code), null, null, true, true);
      }
    },
    UNASSIGN {
      @Override
      Command command(BookRow book, String code) {
        return new UnassignCode(new CouponCode(code), new Email(ANN), "wrong user", false);
      }
    },
    UNASSIGN_TO_POOL {
      @Override
      Command command(BookRow book, String code) {
        return new UnassignCode(new CouponCode(code), new Email(ANN), "wrong user", true);
      }
    },
    REPLACE {
      @Override
      Command command(BookRow book, String code) {
        return new ReplaceCode(new CouponCode(code), null, new Email(ANN), "torn");
      }
    };

    abstract Command command(BookRow book, String code);
  }

  // One row per state, one column per command, in the order of Ask: "ok" or the code of the
  // refusal.
  private static final String TABLE =
      """
      state                           assign_code       lock                  lock+token            unlock            redeem                redeem+token          redeem+wrong          void              void-locked       lift            unassign          to_pool           replace
      ABSENT                          code_not_found    coupon_not_found      coupon_not_found      coupon_not_found  coupon_not_found      coupon_not_found      coupon_not_found      code_not_found    code_not_found    code_not_found  coupon_not_found  coupon_not_found  coupon_not_found
      OF_ANOTHER_PARTNER              code_not_found    coupon_not_found      coupon_not_found      coupon_not_found  coupon_not_found      coupon_not_found      coupon_not_found      code_not_found    code_not_found    code_not_found  coupon_not_found  coupon_not_found  coupon_not_found
      FREE                            ok                coupon_not_found      coupon_not_found      coupon_not_found  coupon_not_found      coupon_not_found      coupon_not_found      ok                ok                ok              coupon_not_found  coupon_not_found  coupon_not_found
      FREE_BUT_EXPIRED                code_not_found    coupon_not_found      coupon_not_found      coupon_not_found  coupon_not_found      coupon_not_found      coupon_not_found      ok                ok                ok              coupon_not_found  coupon_not_found  coupon_not_found
      VOID                            code_not_found    coupon_not_found      coupon_not_found      coupon_not_found  coupon_not_found      coupon_not_found      coupon_not_found      ok                ok                ok              coupon_not_found  coupon_not_found  coupon_not_found
      OF_ANOTHER_USER                 already_assigned  coupon_not_found      coupon_not_found      coupon_not_found  coupon_not_found      coupon_not_found      coupon_not_found      ok                locked            ok              coupon_not_found  coupon_not_found  coupon_not_found
      ASSIGNED                        already_assigned  ok                    ok                    ok                not_locked            not_locked            not_locked            ok                ok                ok              ok                ok                no_codes_left
      ASSIGNED_IN_A_BOOK_NOT_STARTED  code_not_found    cannot_lock           cannot_lock           ok                not_locked            not_locked            not_locked            ok                ok                ok              ok                ok                no_codes_left
      ASSIGNED_IN_A_BOOK_ENDED        code_not_found    cannot_lock           cannot_lock           ok                not_locked            not_locked            not_locked            ok                ok                ok              ok                ok                no_codes_left
      LOCKED                          already_assigned  cannot_lock           ok                    ok                ok                    ok                    not_locked            ok                locked            ok              in_use            in_use            in_use
      FREE_IN_A_PAUSED_BOOK           book_paused       coupon_not_found      coupon_not_found      coupon_not_found  coupon_not_found      coupon_not_found      coupon_not_found      ok                ok                ok              coupon_not_found  coupon_not_found  coupon_not_found
      ASSIGNED_IN_A_PAUSED_BOOK       book_paused       book_paused           book_paused           ok                not_locked            not_locked            not_locked            ok                ok                ok              ok                ok                book_paused
      LOCKED_IN_A_PAUSED_BOOK         book_paused       book_paused           book_paused           ok                ok                    ok                    not_locked            ok                locked            ok              in_use            in_use            book_paused
      LOCKED_IN_A_CLOSED_BOOK         book_closed       book_closed           book_closed           ok                ok                    ok                    not_locked            ok                locked            ok              in_use            book_closed       book_closed
      LOCK_EXPIRED                    already_assigned  ok                    ok                    ok                not_locked            not_locked            not_locked            ok                ok                ok              ok                ok                no_codes_left
      BLOCKED                         already_assigned  code_void             code_void             ok                not_locked            not_locked            not_locked            ok                ok                ok              ok                code_void         no_codes_left
      VOID_BY_ORDER                   code_not_found    coupon_not_found      coupon_not_found      coupon_not_found  coupon_not_found      coupon_not_found      coupon_not_found      ok                ok                ok              coupon_not_found  coupon_not_found  coupon_not_found
      USED_UP                         already_assigned  max_redeems_per_user  max_redeems_per_user  ok                max_redeems_per_user  max_redeems_per_user  max_redeems_per_user  already_redeemed  already_redeemed  ok              in_use            in_use            in_use
      """;

  static Stream<Arguments> table() {
    var cases = new ArrayList<Arguments>();
    TABLE
        .lines()
        .skip(1)
        .map(line -> List.of(line.split(" +")))
        .forEach(row -> {
          for (var ask : Ask.values()) {
            cases.add(Arguments.of(State.valueOf(row.getFirst()), ask, row.get(ask.ordinal() + 1)));
          }
        });
    assertThat(cases).hasSize(State.values().length * Ask.values().length);
    return cases.stream();
  }

  @ParameterizedTest(name = "{1} of a code that is {0}: {2}")
  @MethodSource("table")
  void answers_as_the_table_says(State state, Ask ask, String expected) {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var code = state.make(rows, book);
    var answer = new Asks(database).ask(book.partner(), ask.command(book, code));
    assertThat(answer.status() < 300 ? "ok" : answer.code())
        .as(answer.body().toString())
        .isEqualTo(expected);
  }
}
