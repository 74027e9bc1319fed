package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AddCodes.Generated;
import dev.couponbook.command.AddCodes.ManualCode;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.NewValue;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.BookTerms;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.coupon.RedemptionId;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.json.Json;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.CommandLog;
import dev.couponbook.store.tidy.Sweep;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.CouponFactory.Terms;
import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CommandHandlerTest {
  private static final Email ANN = new Email("ann@x");
  private static final Email BOB = new Email("bob@x");

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private Asks asks() {
    return new Asks(database);
  }

  private static BookId id(BookRow book) {
    return new BookId(book.id());
  }

  @Test
  void a_book_takes_the_id_of_its_request() {
    int partner = database.rows().partner();
    var create =
        Asks.message(partner, new CreateBook("Spring", new BookTerms(0, 1, null, null, 600), null));
    var answer = asks().ask(create).getFirst();
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.body().path("bookId").asString()).isEqualTo(create.requestId().toString());
  }

  @Test
  void the_same_message_again_has_no_second_effect() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 10);
    var assign = Asks.message(book.partner(), new AssignAny(id(book), ANN));
    var asks = asks();
    var first = asks.ask(assign, assign).getFirst();
    assertThat(asks.handler.handle(List.of(assign)))
        .as("settled, so that it is deleted")
        .containsExactly(assign.requestId());
    assertThat(asks.answer(assign)).isEqualTo(first);
    assertThat(database.number("SELECT count(*) FROM coupon WHERE state = 'assigned'"))
        .isEqualTo(1);
  }

  @Test
  void random_codes_are_all_different_and_not_in_file_order() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var codes = rows.free(book, 100);
    var given = new ArrayList<String>();
    for (int i = 0; i < 100; i++) {
      given.add(
          asks()
              .ask(book.partner(), new AssignAny(id(book), new Email("user" + i + "@x")))
              .body()
              .path("code")
              .asString());
    }
    assertThat(given).containsExactlyInAnyOrderElementsOf(codes).isNotEqualTo(codes);
    assertThat(asks().ask(book.partner(), new AssignAny(id(book), ANN)).code())
        .isEqualTo("no_codes_left");
  }

  // With generic plans, as the worker has them after a while, and statistics that expect a free
  // code anywhere.
  @Test
  void no_command_reads_the_whole_table_of_codes() throws SQLException {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var code = new CouponCode(rows.free(book, 5_000).getFirst());
    var empty = rows.book(book.partner());
    try (var connection = database.owner().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          DO $$ BEGIN
            EXECUTE format('ALTER ROLE coupon_worker IN DATABASE %I SET plan_cache_mode = force_generic_plan',
                           current_database());
          END $$\
          """);
      statement.execute("ANALYZE");
    }
    long before = readInTableOrder("coupon");
    var asks = asks();
    asks.ask(book.partner(), new AssignAny(id(book), BOB));
    assertThat(asks.ask(book.partner(), new AssignAny(id(empty), ANN)).code())
        .isEqualTo("no_codes_left");
    asks.ask(book.partner(), new AssignCode(id(book), code, ANN));
    asks.ask(book.partner(), new LockCode(code, ANN, null));
    asks.ask(book.partner(), new UnlockCode(code, ANN, null));
    asks.ask(book.partner(), new LockCode(code, ANN, null));
    var redeemed = asks.ask(book.partner(), new RedeemCode(code, ANN, null)).body();
    var redemption = RedemptionId.parse(redeemed.path("redemptionId").asString());
    asks.ask(book.partner(), new ReverseRedemption(redemption, null));
    asks.ask(book.partner(), makeVoid(code));
    asks.ask(book.partner(), lift(code));
    asks.ask(book.partner(), new ReplaceCode(code, null, ANN, "torn"));
    assertThat(readInTableOrder("coupon") - before).isZero();
  }

  // A new home has no statistics, and its connections keep the plans that they made while the
  // tables were empty.
  @Test
  void connections_that_began_with_empty_tables_read_no_holders_in_table_order() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 1_000);
    var asks = asks();
    for (int batch = 0; batch < 8; batch++) {
      int first = batch * 100;
      asks.ask(
          IntStream.range(first, first + 100)
              .mapToObj(i ->
                  Asks.message(
                      book.partner(), new AssignAny(id(book), new Email("user" + i + "@x"))))
              .toArray(CommandMessage[]::new));
    }
    assertThat(readInTableOrder("coupon_holder")).isZero();
  }

  // A connection reports what it read when it ends, or some time later.
  private long readInTableOrder(String table) {
    database.number(
        """
        SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'coupon_worker'
        """);
    return database.number("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = ?", table);
  }

  @Test
  void free_codes_that_others_hold_are_skipped_without_waiting() throws SQLException {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var codes = rows.free(book, 50);
    try (var inTheWay = database.owner().getConnection()) {
      inTheWay.setAutoCommit(false);
      inTheWay
          .createStatement()
          .execute("SELECT FROM coupon WHERE code <> '" + codes.getFirst() + "' FOR UPDATE");
      var answer =
          assertTimeoutPreemptively(
              Duration.ofSeconds(10),
              () -> asks().ask(book.partner(), new AssignAny(id(book), ANN)));
      assertThat(answer.body().path("code").asString()).isEqualTo(codes.getFirst());
    }
  }

  @Test
  void a_book_is_not_called_empty_while_its_last_code_may_become_free_again() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 1);
    var assign = Asks.message(book.partner(), new AssignAny(id(book), ANN));
    var asks = asks();
    try (var inTheWay = database.owner().getConnection();
        var worker = Executors.newSingleThreadExecutor()) {
      inTheWay.setAutoCommit(false);
      inTheWay.createStatement().execute("SELECT FROM coupon FOR UPDATE");
      var answer = worker.submit(() -> asks.ask(assign).getFirst());
      await()
          .until(() ->
              answer.isDone()
                  || database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
      inTheWay.rollback();
      assertThat(answer.get().status()).isEqualTo(200);
    }
  }

  @Test
  void a_user_gets_no_more_codes_than_the_book_allows_even_within_one_batch() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(2));
    rows.free(book, 10);
    var batch =
        IntStream.range(0, 4)
            .mapToObj(_ -> Asks.message(book.partner(), new AssignAny(id(book), ANN)))
            .toArray(CommandMessage[]::new);
    assertThat(asks().ask(batch).stream().map(Asks.Answer::status))
        .containsExactly(200, 200, 400, 400);
  }

  @Test
  void a_refused_assign_costs_the_user_nothing() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(1));
    var taken = rows.assigned(book, "bob@x");
    var free = rows.free(book);
    var answers =
        asks()
            .ask(
                Asks.message(book.partner(), new AssignCode(id(book), new CouponCode(taken), ANN)),
                Asks.message(book.partner(), new AssignCode(id(book), new CouponCode("NONE"), ANN)),
                Asks.message(book.partner(), new AssignCode(id(book), new CouponCode(free), ANN)));
    assertThat(answers.stream().map(Asks.Answer::status)).containsExactly(400, 404, 200);
  }

  @Test
  void where_two_refusals_apply_the_first_is_the_answer() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(1));
    var codeOfAnn = rows.assigned(book, "ann@x");
    var asks = asks();
    // at the maximum, and none left
    assertThat(asks.ask(book.partner(), new AssignAny(id(book), ANN)).code())
        .isEqualTo("max_codes_per_user");
    // assigned already, and at the maximum
    assertThat(
            asks.ask(book.partner(), new AssignCode(id(book), new CouponCode(codeOfAnn), ANN))
                .code())
        .isEqualTo("already_assigned");
    // used up, and not locked
    var usedUp = rows.redeemed(rows.book(book.partner()), "ann@x", 1);
    assertThat(asks.ask(book.partner(), new RedeemCode(new CouponCode(usedUp), ANN, null)).code())
        .isEqualTo("max_redeems_per_user");
    // used up, and the book has ended
    var ended =
        rows.redeemed(
            rows.book(
                book.partner(), Terms.usual().expiresAt(Instant.parse("2020-01-01T00:00:00Z"))),
            "ann@x",
            1);
    assertThat(asks.ask(book.partner(), new LockCode(new CouponCode(ended), ANN, null)).code())
        .isEqualTo("max_redeems_per_user");
    // locked already, and at the maximum of locks
    var locked = rows.locked(rows.book(book.partner()), "ann@x");
    assertThat(
            new Asks(database, 1)
                .ask(book.partner(), new LockCode(new CouponCode(locked), ANN, null))
                .code())
        .isEqualTo("cannot_lock");
    // no such book of the partner, and no code left in it
    assertThat(asks.ask(rows.partner(), new AssignAny(id(book), ANN)).code())
        .isEqualTo("book_not_found");
    // an expired code of a paused book; a code of it that is assigned already, or used up
    var paused = rows.book(book.partner(), Terms.usual().maxCodes(1));
    var expired = rows.freeUntil(paused, Instant.parse("2020-01-01T00:00:00Z"));
    var used = rows.redeemed(paused, "ann@x", 1);
    rows.pause(paused);
    assertThat(
            asks.ask(paused.partner(), new AssignCode(id(paused), new CouponCode(expired), BOB))
                .code())
        .isEqualTo("code_not_found");
    assertThat(
            asks.ask(paused.partner(), new AssignCode(id(paused), new CouponCode(used), ANN))
                .code())
        .isEqualTo("book_paused");
    assertThat(asks.ask(paused.partner(), new AssignAny(id(paused), ANN)).code())
        .isEqualTo("book_paused");
    assertThat(asks.ask(paused.partner(), new LockCode(new CouponCode(used), ANN, null)).code())
        .isEqualTo("book_paused");
    // closed, and another version
    rows.close(paused);
    assertThat(asks.ask(paused.partner(), ifVersion(paused, 9)).code()).isEqualTo("book_closed");
    // void, and used up since the limit has fallen; spent, and locked
    var several = rows.book(book.partner(), Terms.usual().maxRedeems(2));
    var usedOnce = rows.redeemed(several, "ann@x", 1);
    var blocked = new CouponCode(usedOnce);
    asks.ask(several.partner(), makeVoid(blocked));
    var inCheckout = rows.redeemed(several, "bob@x", 1);
    rows.lock(several, inCheckout, "bob@x", "t", Duration.ofMinutes(5));
    rows.change(several, "max_redeems_per_user = 1");
    assertThat(asks.ask(several.partner(), new LockCode(blocked, ANN, null)).code())
        .isEqualTo("code_void");
    assertThat(
            asks.ask(
                    several.partner(),
                    new VoidCode(new CouponCode(inCheckout), null, null, false, false))
                .code())
        .isEqualTo("already_redeemed");
    rows.pause(several);
    assertThat(asks.ask(several.partner(), new LockCode(blocked, ANN, null)).code())
        .isEqualTo("book_paused");
    // paused, and in use; closed, and in use; void, and in use
    assertThat(asks.ask(several.partner(), new ReplaceCode(blocked, null, ANN, "torn")).code())
        .isEqualTo("book_paused");
    assertThat(asks.ask(several.partner(), new UnassignCode(blocked, ANN, "torn", true)).code())
        .isEqualTo("code_void");
    rows.close(several);
    assertThat(asks.ask(several.partner(), new UnassignCode(blocked, ANN, "torn", true)).code())
        .isEqualTo("book_closed");
    assertThat(asks.ask(several.partner(), new UnassignCode(blocked, ANN, "torn", false)).code())
        .isEqualTo("in_use");
    // another version, and dates that do not go together
    var past = new NewValue<>(Instant.parse("2020-01-01T00:00:00Z"));
    assertThat(
            asks.ask(
                    book.partner(),
                    new ChangeBook(id(book), 9, null, null, null, null, past, null, null, null))
                .code())
        .isEqualTo("version_changed");
    // one clash among the named codes, and too many to generate
    var tooMany =
        new AddCodes(
            id(book),
            new Generated(11, null, null, "X{9}", null, null),
            List.of(new ManualCode(new CouponCode(codeOfAnn), null)));
    assertThat(asks.ask(book.partner(), tooMany).code()).isEqualTo("codes_already_exist");
  }

  private static ChangeBook limits(BookRow book, int codes, int redeems) {
    return new ChangeBook(id(book), null, null, codes, redeems, null, null, null, null, null);
  }

  private static ChangeBook dates(
      BookRow book, @Nullable NewValue<Instant> start, @Nullable NewValue<Instant> end) {
    return new ChangeBook(id(book), null, null, null, null, start, end, null, null, null);
  }

  @Test
  void a_change_of_a_book_is_answered_with_the_whole_book() {
    var rows = database.rows();
    var start = Instant.parse("2026-01-01T00:00:00Z");
    var end = Instant.parse("2090-01-01T00:00:00.000001Z");
    var book = rows.book(rows.partner(), Terms.usual().startsAt(start).expiresAt(end));
    var metadata = Json.mapper().readTree("{\"price\":1.10}");
    var asks = asks();
    var named =
        asks.ask(
                book.partner(),
                new ChangeBook(
                    id(book), 1, "Summer", 3, null, null, null, 90, new NewValue<>(metadata), null))
            .body();
    assertThat(named.path("bookId").asString()).isEqualTo(book.id().toString());
    assertThat(named.path("bookName").asString()).isEqualTo("Summer");
    assertThat(named.path("maxCodesPerUser").asInt()).isEqualTo(3);
    assertThat(named.path("maxRedeemCountPerUser").asInt()).isEqualTo(1);
    assertThat(named.path("startsAt").asString()).isEqualTo(start.toString());
    assertThat(named.path("expiresAt").asString()).isEqualTo(end.toString());
    assertThat(named.path("lockSeconds").asInt()).isEqualTo(90);
    assertThat(named.path("metadata")).isEqualTo(metadata);
    assertThat(named.path("version").asInt()).isEqualTo(2);
    var open =
        asks.ask(book.partner(), dates(book, new NewValue<>(null), new NewValue<>(null))).body();
    assertThat(open.has("startsAt") || open.has("expiresAt")).isFalse();
    assertThat(open.path("bookName").asString()).as("stays").isEqualTo("Summer");
    assertThat(open.path("version").asInt()).isEqualTo(3);
  }

  @Test
  void changes_of_a_book_in_one_batch_keep_their_order_and_are_written_down() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var other = rows.book(rows.partner());
    var batch =
        List.of(
            Asks.message(book.partner(), ifVersion(book, 1)),
            Asks.message(book.partner(), ifVersion(book, 1)),
            Asks.message(other.partner(), ifVersion(other, 1)),
            Asks.message(other.partner(), ifVersion(book, 1)),
            Asks.message(book.partner(), ifVersion(book, 2)));
    var answers = asks().ask(batch.toArray(CommandMessage[]::new));
    assertThat(answers.stream().map(Asks.Answer::status)).containsExactly(200, 409, 200, 404, 200);
    assertThat(answers.get(1).body().path("version").asInt()).isEqualTo(2);
    assertThat(answers.get(4).body().path("version").asInt()).isEqualTo(3);
    for (int done : List.of(0, 2, 4)) {
      assertThat(
              database.number(
                  "SELECT count(*) FROM coupon_book_change WHERE request_id = ?",
                  batch.get(done).requestId().value()))
          .isEqualTo(1);
    }
    assertThat(database.number("SELECT count(*) FROM coupon_book_change")).isEqualTo(3);
  }

  private static ChangeBook ifVersion(BookRow book, int version) {
    return new ChangeBook(id(book), version, "Spring", null, null, null, null, null, null, null);
  }

  @Test
  void a_change_applies_from_the_next_batch_on() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(1));
    rows.free(book, 3);
    var asks = asks();
    var answers =
        asks.ask(
            Asks.message(book.partner(), limits(book, 2, 1)),
            Asks.message(book.partner(), new AssignAny(id(book), ANN)),
            Asks.message(book.partner(), new AssignAny(id(book), ANN)));
    assertThat(answers.stream().map(Asks.Answer::status)).containsExactly(200, 200, 400);
    assertThat(asks.ask(book.partner(), new AssignAny(id(book), ANN)).status()).isEqualTo(200);
    assertThat(asks.ask(book.partner(), new AssignAny(id(book), ANN)).code())
        .isEqualTo("max_codes_per_user");
  }

  @Test
  void users_keep_what_they_hold_and_have_used_when_a_limit_falls_and_get_no_more() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(3).maxRedeems(3));
    var used = rows.redeemed(book, "ann@x", 2);
    var last = new RedemptionId(rows.redeem(book, used, "ann@x"));
    rows.assigned(book, "ann@x");
    rows.assigned(book, "ann@x");
    rows.free(book, 2);
    var asks = asks();
    assertThat(asks.ask(book.partner(), limits(book, 1, 1)).status()).isEqualTo(200);
    assertThat(asks.ask(book.partner(), new AssignAny(id(book), ANN)).code())
        .isEqualTo("max_codes_per_user");
    assertThat(asks.ask(book.partner(), new AssignAny(id(book), BOB)).status()).isEqualTo(200);
    var code = new CouponCode(used);
    asks.ask(book.partner(), new ReverseRedemption(last, null));
    assertThat(asks.ask(book.partner(), new LockCode(code, ANN, null)).code())
        .as("used twice, of which once is allowed now")
        .isEqualTo("max_redeems_per_user");
    asks.ask(book.partner(), limits(book, 0, 0));
    assertThat(asks.ask(book.partner(), new AssignAny(id(book), ANN)).status()).isEqualTo(200);
    assertThat(asks.ask(book.partner(), new LockCode(code, ANN, null)).status()).isEqualTo(200);
  }

  @Test
  void a_book_is_paused_resumed_and_closed_and_each_is_written_down_once() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 2);
    var asks = asks();
    var pause = set(book, BookState.PAUSED);
    var answers =
        asks.ask(
            Asks.message(book.partner(), new AssignAny(id(book), ANN)),
            Asks.message(book.partner(), pause),
            Asks.message(book.partner(), pause));
    assertThat(answers.stream().map(Asks.Answer::status)).containsExactly(200, 200, 200);
    assertThat(answers.get(1).body().path("state").asString()).isEqualTo("paused");
    assertThat(answers.get(2).body().path("version").asInt()).as("so it was already").isEqualTo(2);
    assertThat(asks.ask(book.partner(), new AssignAny(id(book), ANN)).code())
        .isEqualTo("book_paused");
    asks.ask(book.partner(), set(book, BookState.OPEN));
    assertThat(asks.ask(book.partner(), new AssignAny(id(book), ANN)).status()).isEqualTo(200);
    var closed = asks.ask(book.partner(), set(book, BookState.CLOSED)).body();
    assertThat(closed.path("state").asString()).isEqualTo("closed");
    assertThat(closed.path("version").asInt()).isEqualTo(4);
    assertThat(asks.ask(book.partner(), set(book, BookState.CLOSED)).status()).isEqualTo(200);
    assertThat(
            database.text(
                "SELECT string_agg(asked ->> 'state' || ' ' || (asked ->> 'reason'), ',' ORDER BY version) FROM coupon_book_change"))
        .isEqualTo("paused test,open test,closed test");
  }

  private static SetBookState set(BookRow book, BookState state) {
    return new SetBookState(id(book), state, "test");
  }

  @Test
  void what_is_locked_goes_on_in_a_closed_book_and_nothing_else_begins() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxRedeems(2));
    var code = new CouponCode(rows.locked(book, "ann@x", "t", Duration.ofMinutes(5)));
    var other = new CouponCode(rows.locked(book, "ann@x"));
    rows.free(book, 1);
    var asks = asks();
    asks.ask(book.partner(), set(book, BookState.CLOSED));
    assertThat(asks.ask(book.partner(), new LockCode(code, ANN, new LockToken("t"))).code())
        .as("more time")
        .isEqualTo("book_closed");
    var redeemed = asks.ask(book.partner(), new RedeemCode(code, ANN, new LockToken("t")));
    var redemption = RedemptionId.parse(redeemed.body().path("redemptionId").asString());
    assertThat(asks.ask(book.partner(), new ReverseRedemption(redemption, null)).status())
        .isEqualTo(200);
    assertThat(asks.ask(book.partner(), new UnlockCode(other, ANN, null)).status()).isEqualTo(200);
    assertThat(asks.ask(book.partner(), new LockCode(code, ANN, null)).code())
        .isEqualTo("book_closed");
  }

  @Test
  void a_book_that_is_paused_while_a_code_is_given_gives_none() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.assigned(book, "ann@x");
    rows.free(book, 1);
    var assign = Asks.message(book.partner(), new AssignAny(id(book), ANN));
    var asks = asks();
    try (var inTheWay = database.owner().getConnection();
        var worker = Executors.newSingleThreadExecutor()) {
      inTheWay.setAutoCommit(false);
      inTheWay.createStatement().execute("SELECT FROM coupon_holder FOR UPDATE");
      var answer = worker.submit(() -> asks.ask(assign).getFirst());
      await().until(() -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
      assertThat(asks().ask(book.partner(), set(book, BookState.PAUSED)).status()).isEqualTo(200);
      inTheWay.commit();
      assertThat(answer.get().code()).isEqualTo("book_paused");
    }
  }

  @Test
  void a_limit_that_falls_while_a_code_is_given_is_heeded() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(2));
    rows.assigned(book, "ann@x");
    rows.free(book, 1);
    var assign = Asks.message(book.partner(), new AssignAny(id(book), ANN));
    var asks = asks();
    try (var inTheWay = database.owner().getConnection();
        var worker = Executors.newSingleThreadExecutor()) {
      inTheWay.setAutoCommit(false);
      inTheWay.createStatement().execute("SELECT FROM coupon_holder FOR UPDATE");
      var answer = worker.submit(() -> asks.ask(assign).getFirst());
      await().until(() -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
      assertThat(asks().ask(book.partner(), limits(book, 1, 1)).status()).isEqualTo(200);
      inTheWay.commit();
      assertThat(answer.get().code()).isEqualTo("max_codes_per_user");
    }
  }

  private static VoidCode makeVoid(CouponCode code) {
    return new VoidCode(code, null, "stolen", true, false);
  }

  private static VoidCode lift(CouponCode code) {
    return new VoidCode(code, null, null, true, true);
  }

  /** What is known of a code: its state, whether a row blocks it, its lock and its events. */
  private String standing(CouponCode code) {
    return database.text(
        """
        SELECT concat_ws(' ', c.state, (SELECT 'blocked' FROM coupon_block k WHERE k.code = c.code),
          (SELECT 'locked' FROM coupon_lock l WHERE l.code = c.code),
          (SELECT string_agg(a.event::text, ',' ORDER BY a.id) FROM coupon_audit a WHERE a.code = c.code))
        FROM coupon c
        WHERE c.code = ?
        """,
        code.value());
  }

  @Test
  void a_free_code_that_is_made_void_is_not_given_until_that_is_lifted() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var code = new CouponCode(rows.free(book));
    var asks = asks();
    var made = asks.ask(book.partner(), makeVoid(code)).body();
    assertThat(made.path("state").asString()).isEqualTo("void");
    assertThat(made.path("blocked").asBoolean()).isTrue();
    assertThat(standing(code)).isEqualTo("void blocked voided");
    assertThat(asks.ask(book.partner(), new AssignAny(id(book), ANN)).code())
        .isEqualTo("no_codes_left");
    assertThat(asks.ask(book.partner(), new AssignCode(id(book), code, ANN)).code())
        .isEqualTo("code_not_found");
    asks.ask(book.partner(), makeVoid(code));
    assertThat(standing(code)).as("so it was already").isEqualTo("void blocked voided");
    assertThat(asks.ask(book.partner(), lift(code)).body().path("state").asString())
        .isEqualTo("free");
    assertThat(standing(code)).isEqualTo("free voided,lifted");
    assertThat(asks.ask(book.partner(), new AssignAny(id(book), ANN)).status()).isEqualTo(200);
  }

  @Test
  void a_code_that_somebody_holds_stays_theirs_and_loses_its_lock() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxRedeems(2));
    var code = new CouponCode(rows.locked(book, "ann@x", "t", Duration.ofMinutes(5)));
    var gentle = new VoidCode(code, id(book), null, false, false);
    var asks = asks();
    assertThat(asks.ask(book.partner(), gentle).code()).isEqualTo("locked");
    assertThat(standing(code)).isEqualTo("assigned locked");
    assertThat(asks.ask(book.partner(), makeVoid(code)).body().path("state").asString())
        .isEqualTo("assigned");
    assertThat(standing(code)).isEqualTo("assigned blocked voided");
    assertThat(asks.ask(book.partner(), new RedeemCode(code, ANN, new LockToken("t"))).code())
        .isEqualTo("not_locked");
    assertThat(asks.ask(book.partner(), new LockCode(code, ANN, null)).code())
        .isEqualTo("code_void");
    assertThat(asks.ask(book.partner(), new UnlockCode(code, ANN, null)).status()).isEqualTo(200);
    asks.ask(book.partner(), lift(code));
    assertThat(asks.ask(book.partner(), new LockCode(code, ANN, null)).status()).isEqualTo(200);
    assertThat(
            database.number(
                "SELECT count(*) FROM coupon_audit WHERE event = 'voided' AND holder = 'ann@x'"))
        .isEqualTo(1);
  }

  @Test
  void void_and_lift_in_one_batch_keep_their_order() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxRedeems(2));
    var free = new CouponCode(rows.free(book));
    var ordered = new CouponCode(rows.voidedByOrder(book));
    var blocked = new CouponCode(rows.blocked(book, "ann@x"));
    var partner = book.partner();
    var answers =
        asks()
            .ask(
                Asks.message(partner, makeVoid(free)),
                Asks.message(partner, new AssignCode(id(book), free, BOB)),
                Asks.message(partner, lift(free)),
                Asks.message(partner, new AssignCode(id(book), free, BOB)),
                Asks.message(partner, makeVoid(free)),
                Asks.message(partner, new LockCode(free, BOB, null)),
                Asks.message(partner, lift(ordered)),
                Asks.message(partner, new AssignCode(id(book), ordered, BOB)),
                Asks.message(partner, makeVoid(ordered)),
                Asks.message(partner, lift(blocked)),
                Asks.message(partner, new LockCode(blocked, ANN, null)),
                Asks.message(partner, new RedeemCode(blocked, ANN, null)),
                Asks.message(partner, new LockCode(blocked, ANN, null)),
                Asks.message(partner, makeVoid(blocked)));
    assertThat(answers.stream().map(a -> a.status() == 200 ? "ok" : a.code()))
        .containsExactly(
            "ok",
            "code_not_found",
            "ok",
            "ok",
            "ok",
            "code_void",
            "ok",
            "ok",
            "ok",
            "ok",
            "ok",
            "ok",
            "ok",
            "ok");
    assertThat(standing(free)).isEqualTo("assigned blocked voided,lifted,assigned,voided");
    assertThat(standing(ordered)).isEqualTo("assigned blocked lifted,assigned,voided");
    assertThat(standing(blocked))
        .isEqualTo("assigned blocked lifted,locked,redeemed,locked,voided");
  }

  @Test
  void a_void_code_that_is_lifted_after_its_end_is_void_by_its_time() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var now = database.clock().now();
    database.clock().set(now);
    var code = new CouponCode(rows.freeUntil(book, now.plusSeconds(10)));
    var asks = asks();
    asks.ask(book.partner(), makeVoid(code));
    database.clock().set(now.plusSeconds(10));
    var lifted = asks.ask(book.partner(), lift(code)).body();
    assertThat(lifted.path("state").asString()).isEqualTo("void");
    assertThat(lifted.path("blocked").asBoolean()).isFalse();
    assertThat(standing(code)).isEqualTo("void voided,lifted");
    var byTime = new CouponCode(rows.voided(book));
    assertThat(asks.ask(book.partner(), lift(byTime)).body().path("state").asString())
        .as("no order made it void")
        .isEqualTo("void");
  }

  @Test
  void a_code_that_is_taken_back_is_void_or_free_and_its_user_has_room_again() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(1));
    var seen = new CouponCode(rows.expiredLock(book, "ann@x"));
    var asks = asks();
    var back = asks.ask(book.partner(), new UnassignCode(seen, ANN, "wrong user", false)).body();
    assertThat(back.path("state").asString()).isEqualTo("void");
    assertThat(standing(seen)).isEqualTo("void blocked unassigned");
    assertThat(database.text("SELECT reason FROM coupon_block")).isEqualTo("wrong user");
    var other = new CouponCode(rows.free(book));
    assertThat(asks.ask(book.partner(), new AssignCode(id(book), other, ANN)).status())
        .isEqualTo(200);
    asks.ask(book.partner(), new UnassignCode(other, ANN, "wrong user", true));
    assertThat(standing(other)).isEqualTo("free assigned,unassigned");
    assertThat(asks.ask(book.partner(), new AssignCode(id(book), other, BOB)).status())
        .isEqualTo(200);
    asks.ask(book.partner(), lift(seen));
    assertThat(standing(seen)).isEqualTo("free unassigned,lifted");
  }

  @Test
  void a_code_can_be_taken_back_once_its_uses_are() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var text = rows.assigned(book, "ann@x");
    var code = new CouponCode(text);
    var use = new RedemptionId(rows.redeem(book, text, "ann@x"));
    var back = new UnassignCode(code, ANN, "wrong user", true);
    var asks = asks();
    assertThat(asks.ask(book.partner(), back).code()).isEqualTo("in_use");
    asks.ask(book.partner(), new ReverseRedemption(use, null));
    assertThat(asks.ask(book.partner(), back).status()).isEqualTo(200);
    asks.ask(book.partner(), new AssignCode(id(book), code, BOB));
    asks.ask(book.partner(), new LockCode(code, BOB, null));
    assertThat(asks.ask(book.partner(), new RedeemCode(code, BOB, null)).status()).isEqualTo(200);
    assertThat(asks.ask(book.partner(), new ReverseRedemption(use, null)).code())
        .isEqualTo("already_reversed");
  }

  @Test
  void a_full_holder_gets_another_code_for_one_or_keeps_it() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(2));
    var old = new CouponCode(rows.assigned(book, "ann@x"));
    rows.assigned(book, "ann@x");
    rows.change(book, "max_codes_per_user = 1");
    var replace = new ReplaceCode(old, id(book), ANN, "torn");
    var asks = asks();
    assertThat(asks.ask(book.partner(), replace).code()).isEqualTo("no_codes_left");
    assertThat(standing(old)).isEqualTo("assigned");
    var free = rows.free(book);
    var replaced = asks.ask(book.partner(), replace).body();
    assertThat(replaced.path("code").asString()).isEqualTo(free);
    assertThat(replaced.path("replaced").asString()).isEqualTo(old.value());
    assertThat(standing(old)).isEqualTo("void blocked unassigned");
    assertThat(standing(new CouponCode(free))).isEqualTo("assigned assigned");
    assertThat(database.number("SELECT held FROM coupon_holder")).isEqualTo(2);
    assertThat(asks.ask(book.partner(), replace).code()).isEqualTo("coupon_not_found");
  }

  @Test
  void a_code_that_the_batch_itself_unlocks_or_gives_a_use_back_of_is_still_in_use() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxRedeems(2));
    var used = rows.assigned(book, "ann@x");
    var use = new RedemptionId(rows.redeem(book, used, "ann@x"));
    var code = new CouponCode(rows.assigned(book, "ann@x"));
    var partner = book.partner();
    var answers =
        asks()
            .ask(
                Asks.message(partner, new ReverseRedemption(use, null)),
                Asks.message(partner, new UnassignCode(new CouponCode(used), ANN, "x", true)),
                Asks.message(partner, new LockCode(code, ANN, null)),
                Asks.message(partner, new UnassignCode(code, ANN, "x", true)),
                Asks.message(partner, new UnlockCode(code, ANN, null)),
                Asks.message(partner, new UnassignCode(code, ANN, "x", true)));
    assertThat(answers.stream().map(a -> a.status() == 200 ? "ok" : a.code()))
        .containsExactly("ok", "in_use", "ok", "in_use", "ok", "in_use");
    assertThat(standing(code)).isEqualTo("assigned locked,unlocked");
  }

  @Test
  void a_code_that_is_made_void_without_a_lock_makes_no_room_for_another_one() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.locked(book, "ann@x");
    var unlocked = new CouponCode(rows.expiredLock(book, "ann@x"));
    var third = new CouponCode(rows.assigned(book, "ann@x"));
    var answers =
        new Asks(database, 1)
            .ask(
                Asks.message(book.partner(), makeVoid(unlocked)),
                Asks.message(book.partner(), new LockCode(third, ANN, null)));
    assertThat(answers.stream().map(a -> a.status() == 200 ? "ok" : a.code()))
        .containsExactly("ok", "max_locks_per_user");
    assertThat(standing(unlocked)).isEqualTo("assigned blocked voided");
  }

  @Test
  void commands_of_one_batch_that_take_codes_back_go_with_all_others() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(3).maxRedeems(2));
    var partner = book.partner();
    var one = new CouponCode(rows.assigned(book, "ann@x"));
    var two = new CouponCode(rows.assigned(book, "ann@x"));
    var locked = new CouponCode(rows.locked(book, "ann@x"));
    var free = new CouponCode(rows.free(book));
    var answers =
        asks()
            .ask(
                Asks.message(partner, new UnassignCode(one, ANN, "x", true)),
                Asks.message(partner, new UnassignCode(one, ANN, "x", true)),
                Asks.message(partner, new AssignCode(id(book), one, BOB)),
                Asks.message(partner, new LockCode(one, BOB, null)),
                Asks.message(partner, new UnassignCode(one, BOB, "x", true)),
                Asks.message(partner, new AssignAny(id(book), ANN)),
                Asks.message(partner, new UnlockCode(locked, ANN, null)),
                Asks.message(partner, new UnassignCode(locked, ANN, "x", false)),
                Asks.message(partner, makeVoid(two)),
                Asks.message(partner, new UnassignCode(two, ANN, "x", false)),
                Asks.message(partner, lift(two)),
                Asks.message(partner, new AssignCode(id(book), two, BOB)));
    assertThat(answers.stream().map(a -> a.status() == 200 ? "ok" : a.code()))
        .containsExactly(
            "ok",
            "coupon_not_found",
            "ok",
            "ok",
            "coupon_not_found",
            "max_codes_per_user",
            "ok",
            "in_use",
            "ok",
            "ok",
            "ok",
            "ok");
    assertThat(standing(one)).isEqualTo("assigned locked unassigned,assigned,locked");
    assertThat(standing(two)).isEqualTo("assigned voided,unassigned,lifted,assigned");
    assertThat(standing(locked)).isEqualTo("assigned unlocked");
    assertThat(standing(free)).isEqualTo("free");
  }

  @Test
  void an_absent_code_and_another_partners_code_get_the_same_answer() {
    var rows = database.rows();
    var mine = rows.book(rows.partner());
    var others = rows.locked(rows.book(rows.partner()), "ann@x");
    var asks = asks();
    for (var code : List.of("NO-SUCH-CODE", others)) {
      var lock = asks.ask(mine.partner(), new LockCode(new CouponCode(code), ANN, null));
      var redeem = asks.ask(mine.partner(), new RedeemCode(new CouponCode(code), ANN, null));
      assertThat(lock)
          .isEqualTo(asks.ask(mine.partner(), new LockCode(new CouponCode("NEITHER"), ANN, null)));
      assertThat(redeem)
          .isEqualTo(
              asks.ask(mine.partner(), new RedeemCode(new CouponCode("NEITHER"), ANN, null)));
      assertThat(redeem.body().path("error").asString())
          .isEqualTo("User has no coupon with that code assigned");
    }
  }

  @Test
  void lock_and_redeem_in_one_batch_keep_their_order() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxRedeems(2));
    var code = new CouponCode(rows.assigned(book, "ann@x"));
    var answers =
        asks()
            .ask(
                Asks.message(book.partner(), new RedeemCode(code, ANN, null)),
                Asks.message(book.partner(), new LockCode(code, ANN, null)),
                Asks.message(book.partner(), new LockCode(code, ANN, null)),
                Asks.message(book.partner(), new RedeemCode(code, ANN, null)),
                Asks.message(book.partner(), new RedeemCode(code, ANN, null)),
                Asks.message(book.partner(), new LockCode(code, ANN, null)),
                Asks.message(book.partner(), new UnlockCode(code, ANN, null)),
                Asks.message(book.partner(), new LockCode(code, ANN, null)),
                Asks.message(book.partner(), new RedeemCode(code, ANN, null)),
                Asks.message(book.partner(), new LockCode(code, ANN, null)));
    assertThat(answers.stream().map(a -> a.status() == 200 ? "ok" : a.code()))
        .containsExactly(
            "not_locked",
            "ok",
            "cannot_lock",
            "ok",
            "not_locked",
            "ok",
            "ok",
            "ok",
            "ok",
            "max_redeems_per_user");
    assertThat(answers.get(8).body().path("redeemedCount").asInt()).isEqualTo(2);
    assertThat(database.number("SELECT count(*) FROM coupon_lock")).isZero();
  }

  @Test
  void a_batch_locks_its_codes_in_one_order_whatever_the_order_of_its_commands() throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var batch = new ArrayList<CommandMessage>();
    for (int i = 0; i < 50; i++) {
      var code = new CouponCode(rows.assigned(book, "ann@x"));
      batch.addFirst(Asks.message(book.partner(), new LockCode(code, ANN, null)));
    }
    var asks = asks();
    try (var inTheWay = database.owner().getConnection();
        var worker = Executors.newSingleThreadExecutor()) {
      inTheWay.setAutoCommit(false);
      inTheWay
          .createStatement()
          .execute("SELECT FROM coupon WHERE code = (SELECT min(code) FROM coupon) FOR UPDATE");
      var settled = worker.submit(() -> asks.handler.handle(batch));
      await().until(() -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
      assertThat(
              database.number(
                  "SELECT count(*) FROM (SELECT FROM coupon FOR UPDATE SKIP LOCKED) AS untouched"))
          .as("codes behind the one it waits for")
          .isEqualTo(49);
      inTheWay.commit();
      assertThat(settled.get()).hasSize(50);
    }
  }

  @Test
  void a_lock_expires_exactly_at_its_deadline() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var now = database.clock().now();
    database.clock().set(now);
    var code = new CouponCode(rows.assigned(book, "ann@x"));
    var lock = asks().ask(book.partner(), new LockCode(code, ANN, null));
    var until = Instant.parse(lock.body().path("lockedUntil").asString());
    assertThat(until).isEqualTo(now.plusSeconds(600));

    database.clock().set(until.minusNanos(1_000));
    assertThat(asks().ask(book.partner(), new LockCode(code, ANN, null)).code())
        .isEqualTo("cannot_lock");
    database.clock().set(until);
    assertThat(asks().ask(book.partner(), new RedeemCode(code, ANN, null)).code())
        .isEqualTo("not_locked");
    assertThat(asks().ask(book.partner(), new LockCode(code, ANN, null)).status())
        .as("open though no sweep has run")
        .isEqualTo(200);
  }

  @Test
  void a_code_can_be_redeemed_under_a_live_lock_but_not_once_it_has_expired() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var live = rows.locked(book, "ann@x", "t", Duration.ofSeconds(30));
    var expired = rows.expiredLock(book, "ann@x");
    assertThat(asks().ask(book.partner(), new RedeemCode(new CouponCode(live), ANN, null)).status())
        .isEqualTo(200);
    assertThat(
            asks()
                .ask(book.partner(), new RedeemCode(new CouponCode(expired), ANN, null))
                .body()
                .path("error")
                .asString())
        .isEqualTo("Coupon is not locked");
  }

  @Test
  void a_code_that_expires_while_it_is_locked_can_be_redeemed_until_the_lock_ends() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var now = database.clock().now();
    database.clock().set(now);
    var code = new CouponCode(rows.assignedUntil(book, "ann@x", now.plusSeconds(10)));
    asks().ask(book.partner(), new LockCode(code, ANN, null));
    database.clock().set(now.plusSeconds(11));
    assertThat(asks().ask(book.partner(), new RedeemCode(code, ANN, null)).status()).isEqualTo(200);
  }

  @Test
  void a_lock_that_ends_between_the_decision_and_the_write_is_seen_to_have_ended()
      throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var now = database.clock().now();
    database.clock().set(now);
    var code = new CouponCode(rows.locked(book, "ann@x", "t", Duration.ofSeconds(1)));
    var redeem = Asks.message(book.partner(), new RedeemCode(code, ANN, null));
    var asks = asks();
    try (var inTheWay = database.owner().getConnection();
        var worker = Executors.newSingleThreadExecutor()) {
      inTheWay.setAutoCommit(false);
      inTheWay.createStatement().execute("LOCK TABLE coupon_redeem_log IN EXCLUSIVE MODE");
      var answer = worker.submit(() -> asks.ask(redeem).getFirst());
      await().until(() -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
      database.clock().set(now.plusSeconds(1));
      inTheWay.commit();
      assertThat(answer.get().code()).isEqualTo("not_locked");
    }
  }

  @Test
  void the_token_of_a_live_lock_extends_it() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var now = database.clock().now();
    database.clock().set(now);
    var code = new CouponCode(rows.assigned(book, "ann@x"));
    var token =
        new LockToken(
            asks()
                .ask(book.partner(), new LockCode(code, ANN, null))
                .body()
                .path("lockToken")
                .asString());
    database.clock().advance(Duration.ofSeconds(100));
    var extended = asks().ask(book.partner(), new LockCode(code, ANN, token));
    assertThat(extended.body().path("lockToken").asString()).isEqualTo(token.value());
    assertThat(Instant.parse(extended.body().path("lockedUntil").asString()))
        .isEqualTo(now.plusSeconds(700));
  }

  @Test
  void a_user_holds_no_more_live_locks_than_the_setting_says() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxRedeems(2));
    // Expired, though not swept yet.
    rows.expiredLock(book, "ann@x");
    // A user of another partner.
    rows.locked(rows.book(rows.partner()), "ann@x");
    rows.locked(book, "bob@x");
    var first = new CouponCode(rows.locked(rows.book(book.partner()), "ann@x"));
    var second = new CouponCode(rows.assigned(book, "ann@x"));
    var third = new CouponCode(rows.assigned(book, "ann@x"));
    var answers =
        new Asks(database, 2)
            .ask(
                Asks.message(book.partner(), new LockCode(second, ANN, null)),
                Asks.message(book.partner(), new LockCode(third, ANN, null)),
                Asks.message(book.partner(), new LockCode(first, ANN, new LockToken("token"))),
                Asks.message(book.partner(), new RedeemCode(second, ANN, null)),
                Asks.message(book.partner(), new LockCode(third, ANN, null)),
                Asks.message(book.partner(), new LockCode(second, ANN, null)),
                Asks.message(book.partner(), new UnlockCode(first, ANN, null)),
                Asks.message(book.partner(), new LockCode(second, ANN, null)));
    assertThat(answers.stream().map(a -> a.status() == 200 ? "ok" : a.code()))
        .containsExactly(
            "ok", "max_locks_per_user", "ok", "ok", "ok", "max_locks_per_user", "ok", "ok");
  }

  @Test
  void an_unlock_with_another_token_leaves_the_lock() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var code = new CouponCode(rows.locked(book, "ann@x", "t", Duration.ofMinutes(5)));
    var other = asks().ask(book.partner(), new UnlockCode(code, ANN, new LockToken("other")));
    assertThat(other.status()).isEqualTo(200);
    assertThat(database.number("SELECT count(*) FROM coupon_lock")).isEqualTo(1);
    asks().ask(book.partner(), new UnlockCode(code, ANN, new LockToken("t")));
    assertThat(database.number("SELECT count(*) FROM coupon_lock")).isZero();
  }

  @Test
  void a_reversal_gives_the_use_back_once() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var code = rows.assigned(book, "ann@x");
    var redemption = new RedemptionId(rows.redeem(book, code, "ann@x"));
    var asks = asks();
    var answers =
        asks.ask(
            Asks.message(book.partner(), new ReverseRedemption(redemption, "wrong till")),
            Asks.message(book.partner(), new ReverseRedemption(redemption, null)));
    assertThat(answers.stream().map(Asks.Answer::status)).containsExactly(200, 409);
    assertThat(asks.ask(book.partner(), new ReverseRedemption(redemption, null)).code())
        .isEqualTo("already_reversed");
    assertThat(asks.ask(rows.partner(), new ReverseRedemption(redemption, null)).code())
        .as("of another partner")
        .isEqualTo("redemption_not_found");
    assertThat(asks.ask(book.partner(), new LockCode(new CouponCode(code), ANN, null)).status())
        .as("usable again")
        .isEqualTo(200);
  }

  @Test
  void the_answer_lists_named_codes_before_generated_ones() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var expiry = Instant.parse("2090-01-01T00:00:00Z");
    var add =
        new AddCodes(
            id(book),
            new Generated(50, "GEN-", 8, null, null, null),
            List.of(
                new ManualCode(new CouponCode("FIRST"), expiry),
                new ManualCode(new CouponCode("SECOND"), null)));
    var answer = asks().ask(book.partner(), add);
    assertThat(answer.status()).isEqualTo(201);
    var codes = new ArrayList<String>();
    answer.body().path("codes").forEach(c -> codes.add(c.path("code").asString()));
    assertThat(codes).hasSize(52).startsWith("FIRST", "SECOND").doesNotHaveDuplicates();
    assertThat(codes.subList(2, 52)).allMatch(c -> c.startsWith("GEN-") && c.length() == 12);
    assertThat(answer.body().path("codes").path(0).path("expiration").asString())
        .isEqualTo("2090-01-01T00:00:00Z");
  }

  @Test
  void a_clash_names_the_codes_and_keeps_nothing_of_the_request() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.named(book, "OLD");
    var add =
        new AddCodes(
            id(book),
            null,
            List.of(
                new ManualCode(new CouponCode("NEW"), null),
                new ManualCode(new CouponCode("OLD"), null)));
    var answer = asks().ask(book.partner(), add);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body().path("error").asString()).isEqualTo("Codes already exist");
    assertThat(answer.body().path("codes").toString()).isEqualTo("[\"OLD\"]");
    assertThat(database.number("SELECT count(*) FROM coupon")).isEqualTo(1);
  }

  @Test
  void a_key_space_is_filled_to_its_last_code_and_no_further() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var asks = asks();
    assertThat(
            asks.ask(
                    book.partner(),
                    new AddCodes(
                        id(book), new Generated(990, null, null, "{9:3}", null, null), List.of()))
                .status())
        .isEqualTo(201);
    var tooMany =
        asks.ask(
            book.partner(),
            new AddCodes(id(book), new Generated(11, null, null, "{9:3}", null, null), List.of()));
    assertThat(tooMany.body().path("error").asString())
        .isEqualTo("Failed to generate 11 random new codes");
    assertThat(tooMany.body().path("keySpace").asInt()).isEqualTo(1_000);
    assertThat(tooMany.body().path("taken").asInt()).isEqualTo(990);
    assertThat(
            asks.ask(
                    book.partner(),
                    new AddCodes(
                        id(book), new Generated(10, null, null, "{9:3}", null, null), List.of()))
                .status())
        .isEqualTo(201);
    assertThat(database.number("SELECT count(DISTINCT code) FROM coupon")).isEqualTo(1_000);
  }

  @Test
  void a_bad_command_fails_alone_and_is_not_settled() throws SQLException {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 5);
    var good = Asks.message(book.partner(), new AssignAny(id(book), ANN));
    // The edge limits a book's name; a message that gets past it is refused by a constraint.
    var bad =
        Asks.message(
            book.partner(),
            new CreateBook("x".repeat(201), new BookTerms(0, 1, null, null, 600), null));
    assertThat(asks().handler.handle(List.of(good, bad))).containsExactly(good.requestId());
  }

  @Test
  void a_parked_request_may_be_answered_again_and_an_answered_one_never() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    rows.free(book, 5);
    var assign = Asks.message(book.partner(), new AssignAny(id(book), ANN));
    var transactions = new Transactions(database.as("coupon_worker"));
    var park = Refused.because(Refusal.INTERNAL_ERROR);
    assertThat(transactions.inTransaction(c -> CommandLog.park(c, assign, park)).booleanValue())
        .isTrue();
    assertThat(asks().answer(assign).status()).isEqualTo(500);
    assertThat(asks().ask(assign).getFirst().status()).as("redriven").isEqualTo(200);
    assertThat(transactions.inTransaction(c -> CommandLog.park(c, assign, park)).booleanValue())
        .isFalse();
    assertThat(asks().answer(assign).status()).isEqualTo(200);
  }

  @Test
  void
      key_that_comes_again_after_its_answer_was_forgotten_is_refused_and_costs_its_neighbours_nothing() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var code = rows.locked(book, "ann@x");
    var commands =
        List.of(
            ofKey(book, new CreateBook("Spring", new BookTerms(0, 1, null, null, 600), null)),
            ofKey(
                book,
                new AddCodes(
                    id(book), null, List.of(new ManualCode(new CouponCode("KEYED"), null)))),
            ofKey(book, new RedeemCode(new CouponCode(code), ANN, null)));
    var asks = asks();
    assertThat(asks.ask(commands.toArray(CommandMessage[]::new)))
        .extracting(answer -> answer.status())
        .containsExactly(201, 201, 200);
    database.clock().set(database.clock().now().plus(Duration.ofDays(31)));
    new Transactions(database.as("coupon_sweep"))
        .inTransaction(c -> Sweep.dropOutcomes(c, Duration.ofDays(30), 100));
    rows.free(book, 1);
    var neighbour = Asks.message(book.partner(), new AssignAny(id(book), BOB));
    var batch = new ArrayList<>(commands);
    batch.add(neighbour);
    assertThat(asks.handler.handle(batch)).as("settled").hasSize(4);
    for (var command : commands) {
      assertThat(asks.answer(command).code()).isEqualTo("idempotency_key_expired");
      assertThat(asks.answer(command).status()).isEqualTo(409);
    }
    assertThat(asks.answer(neighbour).status()).isEqualTo(200);
    assertThat(database.number("SELECT count(*) FROM coupon_book")).isEqualTo(2);
    assertThat(database.number("SELECT count(*) FROM coupon_redeem_log")).isEqualTo(1);
  }

  // UUID version 8, as the edge derives it from a key.
  private static CommandMessage ofKey(BookRow book, Command command) {
    var drawn = UUID.randomUUID();
    var id =
        new UUID(
            drawn.getMostSignificantBits() & ~0xf000L | 0x8000L, drawn.getLeastSignificantBits());
    return Asks.message(book.partner(), id, command);
  }

  @Test
  void partners_in_one_batch_do_not_affect_each_other() {
    var rows = database.rows();
    var one = rows.book(rows.partner());
    var other = rows.book(rows.partner());
    rows.named(one, "SAME");
    rows.named(other, "SAME");
    var code = new CouponCode("SAME");
    var answers =
        asks()
            .ask(
                Asks.message(one.partner(), new AssignCode(id(one), code, ANN)),
                Asks.message(other.partner(), new AssignCode(id(other), code, BOB)),
                Asks.message(one.partner(), new AssignCode(id(other), code, BOB)),
                Asks.message(one.partner(), new LockCode(code, ANN, null)),
                Asks.message(other.partner(), new LockCode(code, ANN, null)));
    assertThat(answers.stream().map(Asks.Answer::status)).containsExactly(200, 200, 404, 200, 404);
  }

  @Test
  void every_change_is_audited_with_the_request_that_made_it() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var code = new CouponCode(rows.free(book));
    var requests = new HashSet<UUID>();
    var batch =
        List.of(
            Asks.message(book.partner(), new AssignCode(id(book), code, ANN)),
            Asks.message(book.partner(), new LockCode(code, ANN, null)),
            Asks.message(book.partner(), new RedeemCode(code, ANN, null)));
    asks().ask(batch.toArray(CommandMessage[]::new));
    batch.forEach(m -> requests.add(m.requestId().value()));
    for (var request : requests) {
      assertThat(database.number("SELECT count(*) FROM coupon_audit WHERE request_id = ?", request))
          .isEqualTo(1);
    }
  }
}
