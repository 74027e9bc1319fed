package dev.couponbook.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.testing.CouponFactory;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.CouponFactory.Terms;
import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no program may do to the tables, whatever its code says: each tried as the program's own
 * role and refused by PostgreSQL.
 */
class ForbiddenWritesTest {
  private static final String CHECK = "23514"; // check_violation: a constraint or a trigger
  private static final String FOREIGN_KEY = "23503";
  private static final String PRIVILEGE = "42501";
  private static final String NOT_NULL = "23502";
  private static final String UNIQUE = "23505";

  @RegisterExtension static final TestDatabase database = new TestDatabase();

  /** A book with a code in each state, and what the statements below need to name them. */
  private record Scene(
      CouponFactory rows,
      BookRow book,
      String free,
      String expired,
      String assigned,
      String locked,
      String expiredLock,
      String usedUp,
      String voided,
      UUID reversed) {
    static Scene set(CouponFactory rows) {
      var book = rows.book(rows.partner(), Terms.usual().maxCodes(8).maxRedeems(1));
      var usedUp = rows.assigned(book, "ann@x");
      var redemption = rows.redeem(book, usedUp, "ann@x");
      return new Scene(
          rows,
          book,
          rows.free(book),
          rows.freeUntil(book, Instant.parse("2020-01-01T00:00:00Z")),
          rows.assigned(book, "ann@x"),
          rows.locked(book, "ann@x"),
          rows.expiredLock(book, "ann@x"),
          usedUp,
          rows.voided(book),
          redemption);
    }

    String where(String code) {
      return "WHERE partner_id = %d AND code = '%s'".formatted(book.partner(), code);
    }

    String lock(String code, String holder, String until) {
      return "INSERT INTO coupon_lock (partner_id, code, book_id, holder, token, locked_until) VALUES (%d, '%s', %d, '%s', 'mine', coupon_clock() + interval '%s')"
          .formatted(book.partner(), code, book.number(), holder, until);
    }

    String redeem(String code, String holder) {
      return "INSERT INTO coupon_redeem_log (id, partner_id, book_id, code, holder) VALUES (gen_random_uuid(), %d, %d, '%s', '%s')"
          .formatted(book.partner(), book.number(), code, holder);
    }

    /**
     * Assigns a code with its holder's counter, as a program would that has not asked for its book.
     */
    String assign(String code) {
      return "UPDATE coupon_holder SET held = held + 1 WHERE book_id = %d AND holder = 'ann@x'; UPDATE coupon SET state = 'assigned', holder = 'ann@x', assigned_at = coupon_clock() %s"
          .formatted(book.number(), where(code));
    }

    /** Takes a code of ann's back, with her counter. */
    String takeBack(String state, String code) {
      return "UPDATE coupon_holder SET held = held - 1 WHERE book_id = %d AND holder = 'ann@x'; UPDATE coupon SET state = '%s', holder = NULL, assigned_at = NULL %s"
          .formatted(book.number(), state, where(code));
    }

    String bring(String code) {
      return "INSERT INTO coupon (partner_id, book_id, load_id, pick, code) SELECT partner_id, book_id, load_id, 0, '%s' FROM coupon %s"
          .formatted(code, where(free));
    }

    String block(String code) {
      return "INSERT INTO coupon_block (partner_id, code, request_id) VALUES (%d, '%s', gen_random_uuid())"
          .formatted(book.partner(), code);
    }

    String change(String columns) {
      return "UPDATE coupon_book SET %s WHERE id = %d".formatted(columns, book.number());
    }

    BookRow othersBook() {
      return rows.book(rows.partner());
    }
  }

  private record Forbidden(
      String what, String role, String sqlState, Function<Scene, String> statement) {
    @Override
    public String toString() {
      return role + ": " + what;
    }
  }

  private static Forbidden worker(String what, String sqlState, Function<Scene, String> statement) {
    return new Forbidden(what, "coupon_worker", sqlState, statement);
  }

  static Stream<Forbidden> forbidden() {
    return Stream.of(
        worker(
            "assign a code a second time",
            CHECK,
            s -> "UPDATE coupon SET holder = 'bob@x' " + s.where(s.assigned)),
        worker("take a used code back", CHECK, s -> s.takeBack("free", s.usedUp)),
        worker("take a locked code back", CHECK, s -> s.takeBack("void", s.locked)),
        worker(
            "take a code back and leave its holder's counter",
            CHECK,
            s ->
                "UPDATE coupon SET state = 'free', holder = NULL, assigned_at = NULL "
                    + s.where(s.assigned)),
        worker(
            "take a code back and keep its state", CHECK, s -> s.takeBack("assigned", s.assigned)),
        worker(
            "take a code back and keep its time",
            CHECK,
            s -> s.takeBack("free", s.assigned).replace(", assigned_at = NULL", "")),
        new Forbidden(
            "take a code back", "coupon_edge", PRIVILEGE, s -> s.takeBack("free", s.assigned)),
        new Forbidden(
            "take a code back", "coupon_ingest", PRIVILEGE, s -> s.takeBack("free", s.assigned)),
        new Forbidden(
            "take a code back", "coupon_sweep", PRIVILEGE, s -> s.takeBack("free", s.assigned)),
        new Forbidden(
            "take a code back", "coupon_ops", PRIVILEGE, s -> s.takeBack("free", s.assigned)),
        worker(
            "assign a void code",
            CHECK,
            s ->
                "UPDATE coupon SET state = 'assigned', holder = 'ann@x', assigned_at = coupon_clock() "
                    + s.where(s.voided)),
        worker(
            "free a void code",
            CHECK,
            s -> "UPDATE coupon SET state = 'free' " + s.where(s.voided)),
        worker(
            "assign an expired code",
            CHECK,
            s ->
                "UPDATE coupon SET state = 'assigned', holder = 'ann@x', assigned_at = coupon_clock() "
                    + s.where(s.expired)),
        worker(
            "assign without a holder",
            CHECK,
            s ->
                "UPDATE coupon SET state = 'assigned', assigned_at = coupon_clock() "
                    + s.where(s.free)),
        worker(
            "assign without a time",
            CHECK,
            s -> "UPDATE coupon SET state = 'assigned', holder = 'ann@x' " + s.where(s.free)),
        worker(
            "assign without raising the holder's counter",
            CHECK,
            s ->
                "UPDATE coupon SET state = 'assigned', holder = 'bob@x', assigned_at = coupon_clock() "
                    + s.where(s.free)),
        worker(
            "raise a holder's counter over the book's limit",
            CHECK,
            s -> "UPDATE coupon_holder SET held = 9 WHERE book_id = " + s.book.number()),
        worker(
            "begin a holder's counter over the book's limit",
            CHECK,
            s -> "INSERT INTO coupon_holder VALUES (%d, 'bob@x', 9)".formatted(s.book.number())),
        worker(
            "a counter below zero",
            CHECK,
            s -> "UPDATE coupon_holder SET held = -1 WHERE book_id = " + s.book.number()),
        worker(
            "count a use over the limit",
            CHECK,
            s -> "UPDATE coupon SET redeemed_count = 2 " + s.where(s.usedUp)),
        worker(
            "count a use of a free code",
            CHECK,
            s -> "UPDATE coupon SET redeemed_count = 1 " + s.where(s.free)),
        worker(
            "count uses below zero",
            CHECK,
            s -> "UPDATE coupon SET redeemed_count = -1 " + s.where(s.usedUp)),
        worker("redeem without a lock", CHECK, s -> s.redeem(s.assigned, "ann@x")),
        worker("redeem under an expired lock", CHECK, s -> s.redeem(s.expiredLock, "ann@x")),
        worker("redeem under another user's lock", CHECK, s -> s.redeem(s.locked, "bob@x")),
        worker(
            "redeem over the limit",
            CHECK,
            s -> s.lock(s.usedUp, "ann@x", "1 minute") + "; " + s.redeem(s.usedUp, "ann@x")),
        worker(
            "redeem as reversed from the start",
            CHECK,
            s ->
                "INSERT INTO coupon_redeem_log (id, partner_id, book_id, code, holder, reversed_at, reversed_by) VALUES (gen_random_uuid(), %d, %d, '%s', 'ann@x', coupon_clock(), gen_random_uuid())"
                    .formatted(s.book.partner(), s.book.number(), s.locked)),
        worker(
            "redeem for another partner's book",
            CHECK,
            s ->
                "INSERT INTO coupon_redeem_log (id, partner_id, book_id, code, holder) VALUES (gen_random_uuid(), %d, %d, '%s', 'ann@x')"
                    .formatted(s.book.partner(), s.othersBook().number(), s.locked)),
        worker("lock a free code", CHECK, s -> s.lock(s.free, "ann@x", "1 minute")),
        worker("lock another user's code", CHECK, s -> s.lock(s.assigned, "bob@x", "1 minute")),
        worker(
            "lock for longer than an hour", CHECK, s -> s.lock(s.assigned, "ann@x", "61 minutes")),
        worker(
            "lock without an end",
            NOT_NULL,
            s ->
                s.lock(s.assigned, "ann@x", "1 minute")
                    .replace("coupon_clock() + interval '1 minute'", "NULL")),
        worker(
            "take over a live lock",
            CHECK,
            s -> "UPDATE coupon_lock SET token = 'mine' " + s.where(s.locked)),
        worker("have two locks on a code", UNIQUE, s -> s.lock(s.locked, "ann@x", "1 minute")),
        worker(
            "lock a code of a wrong book",
            CHECK,
            s ->
                s.lock(s.assigned, "ann@x", "1 minute")
                    .replace(", " + s.book.number() + ",", ", " + s.othersBook().number() + ",")),
        worker("reverse a redemption twice", CHECK, s -> reverse(s) + "; " + reverse(s)),
        worker(
            "undo a reversal",
            CHECK,
            s ->
                reverse(s)
                    + "; UPDATE coupon_redeem_log SET reversed_at = NULL, reversed_by = NULL"),
        worker(
            "change whose redemption it was",
            PRIVILEGE,
            s -> "UPDATE coupon_redeem_log SET holder = 'bob@x'"),
        worker("delete a redemption", PRIVILEGE, s -> "DELETE FROM coupon_redeem_log"),
        worker("delete a code", PRIVILEGE, s -> "DELETE FROM coupon " + s.where(s.free)),
        worker(
            "move a code to another book",
            PRIVILEGE,
            s ->
                "UPDATE coupon SET book_id = %d %s"
                    .formatted(s.othersBook().number(), s.where(s.free))),
        worker(
            "move a code to another partner",
            PRIVILEGE,
            s ->
                "UPDATE coupon SET partner_id = %d %s"
                    .formatted(s.othersBook().partner(), s.where(s.free))),
        worker("rename a code", PRIVILEGE, s -> "UPDATE coupon SET code = 'X' " + s.where(s.free)),
        worker(
            "bring in an assigned code",
            PRIVILEGE,
            s ->
                "INSERT INTO coupon (partner_id, book_id, load_id, pick, code, state, holder, assigned_at) SELECT partner_id, book_id, load_id, 0, 'NEW', 'assigned', 'ann@x', coupon_clock() FROM coupon "
                    + s.where(s.free)),
        worker(
            "bring in a code into another partner's book",
            CHECK,
            s ->
                "INSERT INTO coupon (partner_id, book_id, load_id, pick, code) SELECT partner_id, %d, load_id, 0, 'NEW' FROM coupon %s"
                    .formatted(s.othersBook().number(), s.where(s.free))),
        worker(
            "bring in a code for another partner",
            CHECK,
            s ->
                "INSERT INTO coupon (partner_id, book_id, load_id, pick, code) SELECT %d, book_id, load_id, 0, 'NEW' FROM coupon %s"
                    .formatted(s.othersBook().partner(), s.where(s.free))),
        worker(
            "bring in a code twice",
            UNIQUE,
            s ->
                "INSERT INTO coupon (partner_id, book_id, load_id, pick, code) SELECT partner_id, book_id, load_id, 0, code FROM coupon "
                    + s.where(s.free)),
        worker(
            "bring in a code of 65 characters",
            CHECK,
            s ->
                "INSERT INTO coupon (partner_id, book_id, load_id, pick, code) SELECT partner_id, book_id, load_id, 0, repeat('X', 65) FROM coupon "
                    + s.where(s.free)),
        worker(
            "change a book without counting it",
            CHECK,
            s -> s.change("max_redeems_per_user = 0, version = version")),
        worker(
            "give a book an end that has passed",
            CHECK,
            s -> s.change("expires_at = '2020-01-01', version = version + 1")),
        worker(
            "give a book an end before its start",
            CHECK,
            s ->
                s.change(
                    "starts_at = '2031-01-01', expires_at = '2030-01-01', version = version + 1")),
        worker(
            "forget how high a book's limit once was",
            PRIVILEGE,
            s -> s.change("most_codes_per_user = 1, version = version + 1")),
        worker(
            "give a book to another partner",
            PRIVILEGE,
            s -> s.change("partner_id = " + s.othersBook().partner() + ", version = version + 1")),
        worker(
            "give a book another id",
            PRIVILEGE,
            s -> s.change("public_id = gen_random_uuid(), version = version + 1")),
        worker(
            "write down a change of another partner's book",
            FOREIGN_KEY,
            s ->
                "INSERT INTO coupon_book_change (partner_id, book_id, version, request_id, asked) VALUES (%d, %d, 2, gen_random_uuid(), '{}')"
                    .formatted(s.book.partner(), s.othersBook().number())),
        worker(
            "change what was written down about a book",
            PRIVILEGE,
            s -> "UPDATE coupon_book_change SET request_id = gen_random_uuid()"),
        worker(
            "assign a code of a paused book",
            CHECK,
            s -> s.change("state = 'paused', version = version + 1") + "; " + s.assign(s.free)),
        worker(
            "lock a code of a paused book",
            CHECK,
            s ->
                s.change("state = 'paused', version = version + 1")
                    + "; "
                    + s.lock(s.assigned, "ann@x", "1 minute")),
        worker(
            "extend a lock of a paused book",
            CHECK,
            s ->
                s.change("state = 'paused', version = version + 1")
                    + "; UPDATE coupon_lock SET locked_until = locked_until + interval '1 minute' "
                    + s.where(s.locked)),
        worker(
            "assign a code of a closed book",
            CHECK,
            s -> s.change("state = 'closed', version = version + 1") + "; " + s.assign(s.free)),
        worker(
            "lock a code of a closed book",
            CHECK,
            s ->
                s.change("state = 'closed', version = version + 1")
                    + "; "
                    + s.lock(s.assigned, "ann@x", "1 minute")),
        worker(
            "bring a code into a closed book",
            CHECK,
            s -> s.change("state = 'closed', version = version + 1") + "; " + s.bring("NEW")),
        worker(
            "open a closed book",
            CHECK,
            s ->
                s.change("state = 'closed', version = version + 1")
                    + "; "
                    + s.change("state = 'open', version = version + 1")),
        worker(
            "change a closed book",
            CHECK,
            s ->
                s.change("state = 'closed', version = version + 1")
                    + "; "
                    + s.change("name = 'x', version = version + 1")),
        new Forbidden(
            "bring a code into a closed book",
            "coupon_ingest",
            CHECK,
            s -> {
              s.rows.close(s.book);
              return s.bring("NEW");
            }),
        worker("make a free code void and leave it free", CHECK, s -> s.block(s.free)),
        worker("make a spent code void", CHECK, s -> s.block(s.usedUp)),
        worker("make a code void under its lock", CHECK, s -> s.block(s.locked)),
        worker(
            "make a code void twice",
            UNIQUE,
            s -> s.block(s.assigned) + "; " + s.block(s.assigned)),
        worker("make a code void that is not there", FOREIGN_KEY, s -> s.block("NONE")),
        worker(
            "make another partner's code void",
            FOREIGN_KEY,
            s -> s.block(s.rows.assigned(s.othersBook(), "ann@x"))),
        worker(
            "lock a void code",
            CHECK,
            s -> s.block(s.assigned) + "; " + s.lock(s.assigned, "ann@x", "1 minute")),
        worker(
            "lift what is past its end",
            CHECK,
            s ->
                "UPDATE coupon SET state = 'void' "
                    + s.where(s.expired)
                    + "; "
                    + s.block(s.expired)
                    + "; UPDATE coupon SET state = 'free' "
                    + s.where(s.expired)),
        worker(
            "assign a code that an order has made void",
            CHECK,
            s -> s.block(s.voided) + "; " + s.assign(s.voided)),
        worker(
            "change why a code is void",
            PRIVILEGE,
            s -> s.block(s.assigned) + "; UPDATE coupon_block SET reason = 'x'"),
        new Forbidden("make a code void", "coupon_edge", PRIVILEGE, s -> s.block(s.assigned)),
        new Forbidden("make a code void", "coupon_ingest", PRIVILEGE, s -> s.block(s.assigned)),
        new Forbidden("make a code void", "coupon_sweep", PRIVILEGE, s -> s.block(s.assigned)),
        new Forbidden("make a code void", "coupon_ops", PRIVILEGE, s -> s.block(s.assigned)),
        new Forbidden(
            "lift a void code",
            "coupon_sweep",
            PRIVILEGE,
            s -> "UPDATE coupon SET state = 'free' " + s.where(s.rows.voidedByOrder(s.book))),
        new Forbidden(
            "forget that a code is void", "coupon_ops", PRIVILEGE, _ -> "DELETE FROM coupon_block"),
        worker(
            "raise a holder's counter over a limit that has fallen",
            CHECK,
            s ->
                s.change("max_codes_per_user = 1, version = version + 1")
                    + "; UPDATE coupon_holder SET held = held + 1 WHERE book_id = "
                    + s.book.number()),
        new Forbidden(
            "pause a book",
            "coupon_edge",
            PRIVILEGE,
            s -> s.change("state = 'paused', version = version + 1")),
        new Forbidden(
            "resume a book",
            "coupon_ingest",
            PRIVILEGE,
            s -> s.change("state = 'open', version = version + 1")),
        new Forbidden(
            "close a book",
            "coupon_sweep",
            PRIVILEGE,
            s -> s.change("state = 'closed', version = version + 1")),
        new Forbidden(
            "close a book",
            "coupon_ops",
            PRIVILEGE,
            s -> s.change("state = 'closed', version = version + 1")),
        new Forbidden(
            "change a book",
            "coupon_edge",
            PRIVILEGE,
            s -> s.change("name = 'x', version = version + 1")),
        new Forbidden(
            "change a book",
            "coupon_ingest",
            PRIVILEGE,
            s -> s.change("name = 'x', version = version + 1")),
        new Forbidden(
            "change a book",
            "coupon_sweep",
            PRIVILEGE,
            s -> s.change("name = 'x', version = version + 1")),
        new Forbidden(
            "change a book",
            "coupon_ops",
            PRIVILEGE,
            s -> s.change("name = 'x', version = version + 1")),
        worker(
            "a load for another partner's book",
            FOREIGN_KEY,
            s ->
                "INSERT INTO code_load (public_id, partner_id, book_id, kind) VALUES (gen_random_uuid(), %d, %d, 'request')"
                    .formatted(s.book.partner(), s.othersBook().number())),
        worker(
            "counts for another partner's book",
            FOREIGN_KEY,
            s ->
                "INSERT INTO coupon_book_delta (partner_id, book_id, free) VALUES (%d, %d, 1)"
                    .formatted(s.book.partner(), s.othersBook().number())),
        worker(
            "answer a request twice",
            CHECK,
            s -> answer(s) + "; UPDATE command_outcome SET status = 400"),
        worker("forget an answer", PRIVILEGE, s -> "DELETE FROM command_outcome"),
        worker(
            "change what was audited", PRIVILEGE, s -> "UPDATE coupon_audit SET holder = 'bob@x'"),
        worker(
            "make a partner",
            PRIVILEGE,
            s -> "INSERT INTO partner (name, client_id) VALUES ('me', 'me')"),
        new Forbidden(
            "insert a book",
            "coupon_edge",
            PRIVILEGE,
            s ->
                "INSERT INTO coupon_book (public_id, partner_id, name, max_codes_per_user, max_redeems_per_user, lock_seconds) VALUES (gen_random_uuid(), %d, 'b', 0, 0, 1)"
                    .formatted(s.book.partner())),
        new Forbidden(
            "insert a code",
            "coupon_edge",
            PRIVILEGE,
            s ->
                "INSERT INTO coupon (partner_id, book_id, load_id, pick, code) VALUES (1, 1, 1, 1, 'X')"),
        new Forbidden("insert an outcome", "coupon_edge", PRIVILEGE, ForbiddenWritesTest::answer),
        new Forbidden(
            "assign a code", "coupon_edge", PRIVILEGE, s -> "UPDATE coupon SET holder = 'bob@x'"),
        new Forbidden(
            "make a table", "coupon_edge", PRIVILEGE, s -> "CREATE TABLE mine (n integer)"),
        new Forbidden(
            "assign a code",
            "coupon_ingest",
            PRIVILEGE,
            s -> "UPDATE coupon SET state = 'assigned' " + s.where(s.free)),
        new Forbidden(
            "bring in a redeemed code",
            "coupon_ingest",
            PRIVILEGE,
            s ->
                "INSERT INTO coupon (partner_id, book_id, load_id, pick, code, redeemed_count) VALUES (1, 1, 1, 1, 'X', 1)"),
        new Forbidden(
            "remove an assigned code",
            "coupon_ingest",
            CHECK,
            s -> "DELETE FROM coupon " + s.where(s.assigned)),
        new Forbidden(
            "remove a redeemed code",
            "coupon_ingest",
            CHECK,
            s -> "DELETE FROM coupon " + s.where(s.usedUp)),
        new Forbidden(
            "redeem a code", "coupon_ingest", PRIVILEGE, s -> s.redeem(s.locked, "ann@x")),
        new Forbidden(
            "void an assigned code",
            "coupon_sweep",
            CHECK,
            s -> "UPDATE coupon SET state = 'void' " + s.where(s.assigned)),
        new Forbidden(
            "assign a code",
            "coupon_sweep",
            PRIVILEGE,
            s -> "UPDATE coupon SET holder = 'bob@x' " + s.where(s.free)),
        new Forbidden(
            "assign a code",
            "coupon_ops",
            PRIVILEGE,
            s -> "UPDATE coupon SET holder = 'bob@x' " + s.where(s.free)),
        new Forbidden(
            "extend a lock",
            "coupon_ops",
            PRIVILEGE,
            s -> "UPDATE coupon_lock SET locked_until = locked_until + interval '1 day'"));
  }

  private static String reverse(Scene s) {
    return "UPDATE coupon_redeem_log SET reversed_at = coupon_clock(), reversed_by = gen_random_uuid() WHERE id = '%s'"
        .formatted(s.reversed);
  }

  private static String answer(Scene s) {
    return "INSERT INTO command_outcome (request_id, partner_id, kind, fingerprint, status, body) VALUES (gen_random_uuid(), %d, 'assign_any', '', 200, '{}')"
        .formatted(s.book.partner());
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  void a_forbidden_write_is_refused_by_the_database_itself(Forbidden forbidden) {
    var scene = Scene.set(database.rows());
    var statement = forbidden.statement().apply(scene);
    assertThatThrownBy(() -> runAs(forbidden.role(), statement))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(forbidden.sqlState()));
  }

  @Test
  void writes_that_the_worker_may_do_are_accepted() throws SQLException {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(1));
    var code = rows.locked(book, "ann@x", "token", Duration.ofMinutes(1));
    var scene = new Scene(rows, book, code, code, code, code, code, code, code, UUID.randomUUID());
    runAs(
        "coupon_worker",
        scene.redeem(code, "ann@x")
            + "; UPDATE coupon SET redeemed_count = 1 "
            + scene.where(code)
            + "; DELETE FROM coupon_lock "
            + scene.where(code)
            + "; INSERT INTO coupon_book_delta (partner_id, book_id, redeemed) VALUES (%d, %d, 1)"
                .formatted(book.partner(), book.number()));
  }

  @Test
  void what_is_locked_in_a_closed_book_may_be_redeemed() throws SQLException {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var code = rows.locked(book, "ann@x", "token", Duration.ofMinutes(1));
    rows.close(book);
    var scene = new Scene(rows, book, code, code, code, code, code, code, code, UUID.randomUUID());
    runAs(
        "coupon_worker",
        scene.redeem(code, "ann@x")
            + "; UPDATE coupon SET redeemed_count = 1 "
            + scene.where(code)
            + "; DELETE FROM coupon_lock "
            + scene.where(code)
            + "; INSERT INTO coupon_book_delta (partner_id, book_id, redeemed) VALUES (%d, %d, 1)"
                .formatted(book.partner(), book.number()));
  }

  @Test
  void a_counter_above_a_limit_that_has_fallen_may_be_lowered() throws SQLException {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(3));
    for (int i = 0; i < 3; i++) {
      rows.assigned(book, "ann@x");
    }
    rows.change(book, "max_codes_per_user = 1");
    var down = "UPDATE coupon_holder SET held = 2 WHERE book_id = " + book.number();
    runAs("coupon_worker", down + "; " + down.replace("= 2", "= held"));
    runAs(
        "coupon_worker",
        "INSERT INTO coupon_holder VALUES (%d, 'bob@x', 1)".formatted(book.number()));
    // As it was, so that the counter is that of the codes.
    rows.change(book, "max_codes_per_user = 3");
    runAs(
        "coupon_worker",
        "UPDATE coupon_holder SET held = 3 WHERE book_id = %d AND holder = 'ann@x'; UPDATE coupon_holder SET held = 0 WHERE book_id = %d AND holder = 'bob@x'"
            .formatted(book.number(), book.number()));
  }

  @Test
  void the_edge_sees_the_rows_of_its_partners_and_no_others() throws SQLException {
    var rows = database.rows();
    var mine = rows.book(rows.partner());
    var others = rows.book(rows.partner());
    rows.free(mine, 3);
    rows.free(others, 5);
    assertThat(codesSeenByEdge("")).as("no partner set").isZero();
    assertThat(codesSeenByEdge(String.valueOf(mine.partner()))).isEqualTo(3);
    assertThat(codesSeenByEdge(mine.partner() + "," + others.partner())).isEqualTo(8);
    assertThat(codesSeenByEdge("")).as("the setting ended with its transaction").isZero();
  }

  @Test
  void every_table_of_partners_shows_the_edge_its_own_rows_only() throws SQLException {
    var rows = database.rows();
    var mine = Scene.set(rows).book.partner();
    var others = Scene.set(rows).book.partner();
    var seen = new ArrayList<String>();
    for (var table : tablesOfPartners()) {
      for (int partner : new int[] {mine, others}) {
        var ofPartner = "SELECT count(*) FROM " + table + " WHERE partner_id = " + partner;
        long there = database.number(ofPartner);
        assertThat(seenByEdge(ofPartner, "" + mine))
            .as(table)
            .isEqualTo(partner == mine ? there : 0);
        assertThat(seenByEdge(ofPartner, "")).as("%s, no partner set", table).isZero();
        seen.add(there > 0 ? table : "");
      }
    }
    // The others have the same policy, made in the same loop of a migration.
    assertThat(seen)
        .contains("coupon_book", "coupon", "code_load", "coupon_lock", "coupon_redeem_log");
  }

  // Otherwise an error or a time would tell of codes that the edge does not see.
  @Test
  void no_condition_of_a_query_is_tried_on_codes_of_others() throws SQLException {
    var rows = database.rows();
    var withoutCodes = rows.book(rows.partner()).partner();
    rows.free(rows.book(rows.partner()));
    var failsOnAnyCode = "SELECT count(*) FROM coupon WHERE code::integer > 0";
    // Any session may choose its plans so: no index picks the partner's rows first.
    var readsAll = "SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off";
    assertThat(seenByEdge(failsOnAnyCode, "" + withoutCodes, readsAll)).isZero();
  }

  @Test
  void the_edge_sees_codes_through_its_view_only() {
    assertThatThrownBy(() -> seenByEdge("SELECT count(*) FROM public.coupon", "1"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(PRIVILEGE));
  }

  /**
   * The tables with rows of partners that the edge may read, each with its policies, or a view of
   * the same name that is a barrier.
   */
  private List<String> tablesOfPartners() throws SQLException {
    var tables = new ArrayList<String>();
    try (var connection = database.owner().getConnection();
        var select = connection.createStatement();
        var rows =
            select.executeQuery(
                """
                SELECT c.relname,
                       c.relrowsecurity OR 'security_barrier=true' = ANY (c.reloptions) AS guarded
                FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'partner_id'
                WHERE c.relkind IN ('r', 'v')
                  AND c.relnamespace IN ('public'::regnamespace, 'edge'::regnamespace)
                  AND has_table_privilege('coupon_edge', c.oid, 'SELECT')
                """)) {
      while (rows.next()) {
        assertThat(rows.getBoolean("guarded")).as(rows.getString("relname")).isTrue();
        tables.add(rows.getString("relname"));
      }
    }
    assertThat(tables).hasSizeGreaterThanOrEqualTo(9);
    return tables;
  }

  private int codesSeenByEdge(String partners) throws SQLException {
    return seenByEdge("SELECT count(*) FROM coupon", partners);
  }

  private int seenByEdge(String count, String partners) throws SQLException {
    return seenByEdge(count, partners, "");
  }

  private int seenByEdge(String count, String partners, String settings) throws SQLException {
    try (var connection = database.as("coupon_edge").getConnection();
        var session = connection.createStatement()) {
      connection.setAutoCommit(false);
      session.execute(settings);
      try (var set = connection.prepareStatement("SELECT set_config('coupon.partners', ?, true)")) {
        set.setString(1, partners);
        set.execute();
      }
      try (var select = connection.createStatement();
          var row = select.executeQuery(count)) {
        row.next();
        return row.getInt(1);
      } finally {
        connection.rollback();
      }
    }
  }

  // The edge's transactions only read, but that is a setting, which a session may change: here its
  // rights are tried.
  private void runAs(String role, String statement) throws SQLException {
    try (var connection = database.as(role).getConnection();
        var run = connection.createStatement()) {
      connection.setAutoCommit(false);
      run.execute("SET TRANSACTION READ WRITE");
      run.execute(statement);
      connection.commit();
    }
  }
}
