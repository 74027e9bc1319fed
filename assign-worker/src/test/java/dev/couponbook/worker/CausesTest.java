package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AddCodes.Generated;
import dev.couponbook.command.AddCodes.ManualCode;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.Command;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.NewValue;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.Cause;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.coupon.RedemptionId;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.CouponFactory.Terms;
import dev.couponbook.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every refusal of a command says which of its causes it has, and never more than is allowed. */
class CausesTest {
  private static final Email ANN = new Email("ann@x");
  private static final Email BOB = new Email("bob@x");
  private static final Instant PAST = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant FUTURE = Instant.parse("2090-01-01T00:00:00Z");

  /** Decided where loads and dead letters are; the tests there have them. */
  private static final Set<Refusal> DECIDED_ELSEWHERE =
      Set.of(
          Refusal.KEY_EXPIRED,
          Refusal.UPLOAD_NOT_FOUND,
          Refusal.UPLOAD_FINISHED,
          Refusal.UPLOAD_NOT_FINISHED,
          Refusal.INTERNAL_ERROR);

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private final Set<String> seen = new TreeSet<>();

  @Test
  void every_refusal_of_a_command_says_its_cause() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(1));
    var open = rows.book(book.partner());
    var early = rows.book(book.partner(), Terms.usual().startsAt(FUTURE));
    var ended = rows.book(book.partner(), Terms.usual().expiresAt(PAST));
    var held = code(rows.assigned(book, "ann@x"));
    var noBook = new BookId(UUID.randomUUID());

    refused(book, new AssignAny(noBook, ANN), Refusal.BOOK_NOT_FOUND, Cause.NO_SUCH_BOOK);
    refused(book, new AssignAny(id(book), ANN), Refusal.MAX_CODES_REACHED, Cause.LIMIT_OF_BOOK);
    refused(book, new AssignAny(id(open), ANN), Refusal.NO_CODES_LEFT, Cause.NONE_FREE);
    rows.free(ended, 1);
    var noneOfEnded =
        refused(book, new AssignAny(id(ended), ANN), Refusal.NO_CODES_LEFT, Cause.BOOK_ENDED);
    assertThat(time(noneOfEnded, "expiresAt")).isEqualTo(PAST);

    var paused = rows.book(book.partner());
    rows.pause(paused);
    refused(book, new AssignAny(id(paused), ANN), Refusal.BOOK_PAUSED, Cause.PAUSED_BY_PARTNER);
    var closed = rows.book(book.partner());
    rows.close(closed);
    for (var command :
        List.of(
            new AssignAny(id(closed), ANN),
            change(id(closed), 9, null),
            new SetBookState(id(closed), BookState.OPEN, null),
            new SetBookState(id(closed), BookState.PAUSED, null),
            named(closed, "NEVER"))) {
      refused(book, command, Refusal.BOOK_CLOSED, Cause.CLOSED_FOR_GOOD);
    }
    refused(
        book,
        new SetBookState(noBook, BookState.PAUSED, null),
        Refusal.BOOK_NOT_FOUND,
        Cause.NO_SUCH_BOOK);
    refused(book, change(noBook, null, null), Refusal.BOOK_NOT_FOUND, Cause.NO_SUCH_BOOK);
    var changed =
        refused(book, change(id(open), 2, null), Refusal.VERSION_CHANGED, Cause.CHANGED_MEANWHILE);
    assertThat(changed.body().path("version").asInt()).isEqualTo(1);
    var crossed =
        refused(
            book,
            change(id(early), null, FUTURE.minusSeconds(1)),
            Refusal.INVALID_DATES,
            Cause.ENDS_BEFORE_START);
    assertThat(time(crossed, "startsAt")).isEqualTo(FUTURE);
    assertThat(time(crossed, "expiresAt")).isEqualTo(FUTURE.minusSeconds(1));
    refused(book, change(id(open), null, PAST), Refusal.INVALID_DATES, Cause.END_HAS_PASSED);

    refused(
        book, new AssignCode(noBook, code("X"), ANN), Refusal.CODE_NOT_FOUND, Cause.NO_SUCH_BOOK);
    refused(
        book, new AssignCode(id(open), code("X"), ANN), Refusal.CODE_NOT_FOUND, Cause.NO_SUCH_CODE);
    refused(book, new AssignCode(id(open), held, ANN), Refusal.CODE_NOT_FOUND, Cause.NO_SUCH_CODE);
    for (var expired : List.of(rows.voided(open), rows.freeUntil(open, PAST))) {
      refused(
          book,
          new AssignCode(id(open), code(expired), ANN),
          Refusal.CODE_NOT_FOUND,
          Cause.CODE_EXPIRED);
    }
    refused(
        book, new AssignCode(id(book), held, ANN), Refusal.ALREADY_ASSIGNED, Cause.HELD_BY_USER);
    refused(
        book, new AssignCode(id(book), held, BOB), Refusal.ALREADY_ASSIGNED, Cause.HELD_BY_OTHER);

    refused(book, new LockCode(held, BOB, null), Refusal.NO_COUPON_OF_USER, Cause.NOT_HELD);
    var usedUp = code(rows.redeemed(open, "ann@x", 1));
    refused(book, new LockCode(usedUp, ANN, null), Refusal.MAX_REDEEMS_REACHED, Cause.USED_UP);
    var tooEarly =
        refused(
            book,
            new LockCode(code(rows.assigned(early, "ann@x")), ANN, null),
            Refusal.CANNOT_LOCK,
            Cause.BOOK_NOT_STARTED);
    assertThat(time(tooEarly, "startsAt")).isEqualTo(FUTURE);
    var tooLate =
        refused(
            book,
            new LockCode(code(rows.assigned(ended, "ann@x")), ANN, null),
            Refusal.CANNOT_LOCK,
            Cause.BOOK_ENDED);
    assertThat(time(tooLate, "expiresAt")).isEqualTo(PAST);
    var now = database.clock().now().truncatedTo(ChronoUnit.MICROS);
    database.clock().set(now.minusSeconds(1));
    var ending = code(rows.assignedUntil(open, "ann@x", now));
    database.clock().set(now);
    var expired =
        refused(book, new LockCode(ending, ANN, null), Refusal.CANNOT_LOCK, Cause.CODE_EXPIRED);
    assertThat(time(expired, "expiration")).isEqualTo(now);

    var locked = code(rows.locked(open, "ann@x", "token", Duration.ofMinutes(5)));
    for (var token : Stream.of(null, new LockToken("other")).toList()) {
      var answer =
          refused(book, new LockCode(locked, ANN, token), Refusal.CANNOT_LOCK, Cause.LOCKED);
      assertThat(time(answer, "lockedUntil")).isEqualTo(now.plusSeconds(300));
    }
    var otherLock =
        refused(
            book,
            new RedeemCode(locked, ANN, new LockToken("other")),
            Refusal.NOT_LOCKED,
            Cause.OTHER_LOCK);
    assertThat(time(otherLock, "lockedUntil")).isEqualTo(now.plusSeconds(300));
    assertThat(otherLock.body().toString()).as("the token of the lock").doesNotContain("\"token\"");
    for (var unlocked : List.of(held, code(rows.expiredLock(open, "ann@x")))) {
      refused(book, new RedeemCode(unlocked, ANN, null), Refusal.NOT_LOCKED, Cause.NO_LIVE_LOCK);
    }
    seen(
        new Asks(database, 1).ask(book.partner(), new LockCode(held, ANN, null)),
        Refusal.MAX_LOCKS_REACHED,
        Cause.TOO_MANY_LOCKS);

    var blocked = code(rows.blocked(open, "ann@x"));
    refused(book, new LockCode(blocked, ANN, null), Refusal.CODE_VOID, Cause.VOID_BY_ORDER);
    refused(book, makeVoid(usedUp, null), Refusal.ALREADY_REDEEMED, Cause.EVERY_USE_SPENT);
    var inCheckout = refused(book, makeVoid(locked, null), Refusal.LOCKED, Cause.LIVE_LOCK);
    assertThat(time(inCheckout, "lockedUntil")).isEqualTo(now.plusSeconds(300));
    refused(book, makeVoid(code("X"), null), Refusal.CODE_NOT_FOUND, Cause.NO_SUCH_CODE);
    refused(book, makeVoid(held, id(open)), Refusal.CODE_NOT_FOUND, Cause.NO_SUCH_CODE);
    refused(book, makeVoid(held, noBook), Refusal.CODE_NOT_FOUND, Cause.NO_SUCH_BOOK);

    refused(book, takeBack(usedUp), Refusal.IN_USE, Cause.USES_STAND);
    var beforeItsEnd = refused(book, takeBack(locked), Refusal.IN_USE, Cause.IN_CHECKOUT);
    assertThat(time(beforeItsEnd, "lockedUntil")).isEqualTo(now.plusSeconds(300));
    refused(book, takeBack(code("X")), Refusal.NO_COUPON_OF_USER, Cause.NOT_HELD);
    refused(book, new ReplaceCode(held, null, ANN, "torn"), Refusal.NO_CODES_LEFT, Cause.NONE_FREE);
    refused(
        book,
        new ReplaceCode(held, id(open), ANN, "torn"),
        Refusal.NO_COUPON_OF_USER,
        Cause.NOT_HELD);

    var redemption = new RedemptionId(rows.redeem(open, rows.assigned(open, "ann@x"), "ann@x"));
    new Asks(database).ask(book.partner(), new ReverseRedemption(redemption, null));
    refused(
        book,
        new ReverseRedemption(redemption, null),
        Refusal.ALREADY_REVERSED,
        Cause.REVERSED_BEFORE);
    refused(
        book,
        new ReverseRedemption(new RedemptionId(UUID.randomUUID()), null),
        Refusal.REDEMPTION_NOT_FOUND,
        Cause.NO_SUCH_REDEMPTION);

    var twice = named(open, "TWICE", "TWICE", "ONCE");
    assertThat(
            refused(book, twice, Refusal.CODES_ALREADY_EXIST, Cause.NAMED_TWICE)
                .body()
                .path("codes")
                .toString())
        .isEqualTo("[\"TWICE\"]");
    refused(
        book,
        named(open, "TWICE", "TWICE", held.value()),
        Refusal.CODES_ALREADY_EXIST,
        Cause.CODES_EXIST);
    refused(
        book,
        new AddCodes(id(open), new Generated(11, null, null, "X{9}", null, null), List.of()),
        Refusal.CANNOT_GENERATE,
        Cause.TOO_FEW_LEFT);

    var all = new TreeSet<String>();
    for (var refusal : Refusal.values()) {
      if (!DECIDED_ELSEWHERE.contains(refusal)) {
        refusal.causes().forEach(cause -> all.add(refusal + " " + cause));
      }
    }
    assertThat(seen).isEqualTo(all);
  }

  @Test
  void what_belongs_to_another_partner_has_the_cause_of_what_does_not_exist() {
    var rows = database.rows();
    var theirs = rows.book(rows.partner());
    var mine = rows.book(rows.partner());
    rows.named(mine, "FREE");
    var locked = code(rows.locked(theirs, "ann@x"));
    var none = code("NONE");
    var asks = new Asks(database);
    assertThat(asks.ask(mine.partner(), new AssignCode(id(mine), locked, ANN)))
        .isEqualTo(asks.ask(mine.partner(), new AssignCode(id(mine), none, ANN)));
    assertThat(asks.ask(mine.partner(), new AssignCode(id(theirs), none, ANN)))
        .isEqualTo(
            asks.ask(mine.partner(), new AssignCode(new BookId(UUID.randomUUID()), none, ANN)));
    assertThat(asks.ask(mine.partner(), new LockCode(locked, ANN, null)))
        .isEqualTo(asks.ask(mine.partner(), new LockCode(none, ANN, null)));
    assertThat(asks.ask(mine.partner(), new RedeemCode(locked, ANN, new LockToken("x"))))
        .isEqualTo(asks.ask(mine.partner(), new RedeemCode(none, ANN, new LockToken("x"))));
    var used = new RedemptionId(rows.redeem(theirs, rows.assigned(theirs, "ann@x"), "ann@x"));
    assertThat(asks.ask(mine.partner(), new ReverseRedemption(used, null)))
        .isEqualTo(
            asks.ask(
                mine.partner(), new ReverseRedemption(new RedemptionId(UUID.randomUUID()), null)));
  }

  private Asks.Answer refused(BookRow of, Command command, Refusal refusal, Cause cause) {
    return seen(new Asks(database).ask(of.partner(), command), refusal, cause);
  }

  private Asks.Answer seen(Asks.Answer answer, Refusal refusal, Cause cause) {
    assertThat(answer.code()).as("%s", answer).isEqualTo(refusal.code());
    assertThat(answer.body().path("cause").asString("")).isEqualTo(cause.word());
    assertThat(answer.body().path("detail").asString("")).isEqualTo(cause.detail());
    seen.add(refusal + " " + cause);
    return answer;
  }

  private static Instant time(Asks.Answer answer, String member) {
    return Instant.parse(answer.body().path(member).asString(""));
  }

  private static UnassignCode takeBack(CouponCode code) {
    return new UnassignCode(code, ANN, "wrong user", false);
  }

  private static VoidCode makeVoid(CouponCode code, @Nullable BookId book) {
    return new VoidCode(code, book, null, false, false);
  }

  private static ChangeBook change(
      BookId book, @Nullable Integer ifVersion, @Nullable Instant end) {
    return new ChangeBook(
        book,
        ifVersion,
        "Spring",
        null,
        null,
        null,
        end == null ? null : new NewValue<>(end),
        null,
        null,
        null);
  }

  private static AddCodes named(BookRow book, String... codes) {
    return new AddCodes(
        id(book), null, Stream.of(codes).map(c -> new ManualCode(code(c), null)).toList());
  }

  private static BookId id(BookRow book) {
    return new BookId(book.id());
  }

  private static CouponCode code(String text) {
    return new CouponCode(text);
  }
}
