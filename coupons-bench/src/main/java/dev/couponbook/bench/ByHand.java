package dev.couponbook.bench;

import dev.couponbook.bench.Commands.Held;
import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.PartnerId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** By hand: what the database can do with one statement per transaction. */
final class ByHand {
  private static final int CONNECTIONS = 8;
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final Home home;
  private final BookId book;

  ByHand(Home home, BookId book) {
    this.home = home;
    this.book = book;
  }

  private static final String ASSIGN =
      """
      WITH picked AS (
        SELECT partner_id, code
        FROM coupon
        WHERE book_id = ? AND state = 'free' AND pick >= ?
        ORDER BY pick
        LIMIT 1
        FOR NO KEY UPDATE SKIP LOCKED),
      held AS (
        INSERT INTO coupon_holder AS h (book_id, holder, held)
        SELECT ?, ?, 1 FROM picked
        ON CONFLICT (book_id, holder) DO UPDATE SET held = h.held + 1),
      given AS (
        UPDATE coupon c
        SET state = 'assigned', holder = ?, assigned_at = coupon_clock()
        FROM picked p
        WHERE c.partner_id = p.partner_id AND c.code = p.code
        RETURNING c.partner_id, c.code)
      INSERT INTO command_outcome (request_id, partner_id, kind, fingerprint, status, body)
      SELECT ?, partner_id, 'assign_any', '\\x00', 200, json_build_object('code', code)
      FROM given
      """;

  private static final String NUMBER = "SELECT id FROM coupon_book WHERE public_id = ?";

  double assignsPerSecond(Duration time) {
    try (var connection = OpsDatabase.connect(home, "postgres")) {
      int number = number(connection, NUMBER);
      int picks =
          number(
              connection,
              "SELECT next_pick FROM coupon_book_pick JOIN coupon_book ON id = book_id WHERE"
                  + " public_id = ?");
      int given = run(number, picks, WARM_UP);
      long began = System.nanoTime();
      int measured = run(number, picks, time);
      double seconds = (System.nanoTime() - began) / 1e9;
      balance(connection, number, given + measured, 0);
      return measured / seconds;
    } catch (SQLException e) {
      throw new CommandFailure(ExitCode.FAILED, "The yardstick failed: " + e.getMessage(), e);
    }
  }

  private int number(Connection connection, String sql) throws SQLException {
    try (var select = connection.prepareStatement(sql)) {
      select.setObject(1, book.value());
      var row = select.executeQuery();
      row.next();
      return row.getInt(1);
    }
  }

  private int run(int number, int picks, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return sum(Threads.run(CONNECTIONS, _ -> () -> assign(number, picks, end)));
  }

  private static int sum(List<Integer> counts) {
    return counts.stream().mapToInt(Integer::intValue).sum();
  }

  private int assign(int number, int picks, long end) throws SQLException {
    var random = ThreadLocalRandom.current();
    int given = 0;
    try (var connection = OpsDatabase.connect(home, "coupon_worker");
        var assign = connection.prepareStatement(ASSIGN)) {
      while (System.nanoTime() < end) {
        var holder = "by-hand-" + random.nextLong(Long.MAX_VALUE) + "@example.com";
        assign.setInt(1, number);
        assign.setInt(2, random.nextInt(Math.max(1, picks / 2)));
        assign.setInt(3, number);
        assign.setString(4, holder);
        assign.setString(5, holder);
        assign.setObject(6, UUID.randomUUID());
        given += assign.executeUpdate();
      }
      return given;
    }
  }

  private static final String LOCK =
      """
      WITH held AS (
        SELECT partner_id, code, book_id, holder
        FROM coupon
        WHERE partner_id = ? AND code = ? AND holder = ? AND state = 'assigned'
        FOR NO KEY UPDATE),
      locked AS (
        INSERT INTO coupon_lock (partner_id, code, book_id, holder, token, locked_until)
        SELECT partner_id, code, book_id, holder, ?, coupon_clock() + interval '5 minutes'
        FROM held
        RETURNING partner_id, token)
      INSERT INTO command_outcome (request_id, partner_id, kind, fingerprint, status, body)
      SELECT ?, partner_id, 'lock_code', '\\x00', 200, json_build_object('token', token)
      FROM locked
      """;

  private static final String REDEEM =
      """
      WITH used AS (
        UPDATE coupon
        SET redeemed_count = redeemed_count + 1
        WHERE partner_id = ? AND code = ?
        RETURNING partner_id, code, book_id, holder),
      logged AS (
        INSERT INTO coupon_redeem_log (id, partner_id, book_id, code, holder)
        SELECT ?, partner_id, book_id, code, holder FROM used
        RETURNING id, partner_id)
      INSERT INTO command_outcome (request_id, partner_id, kind, fingerprint, status, body)
      SELECT id, partner_id, 'redeem_code', '\\x00', 200, json_build_object('redemptionId', id)
      FROM logged
      """;

  private static final String END_LOCK =
      "DELETE FROM coupon_lock WHERE partner_id = ? AND code = ? AND token = ?";

  /** A lock and a redeem of each code: a statement that locks, and two in one that redeem. */
  double pairsPerSecond(PartnerId partner, List<Held> codes, Duration time) {
    var next = new AtomicInteger();
    long began = System.nanoTime();
    long end = began + time.toNanos();
    int pairs = sum(Threads.run(CONNECTIONS, _ -> () -> lockAndRedeem(partner, codes, next, end)));
    double seconds = (System.nanoTime() - began) / 1e9;
    try (var connection = OpsDatabase.connect(home, "postgres")) {
      balance(connection, number(connection, NUMBER), 0, pairs);
    } catch (SQLException e) {
      throw new CommandFailure(ExitCode.FAILED, "The yardstick failed: " + e.getMessage(), e);
    }
    return pairs / seconds;
  }

  private int lockAndRedeem(PartnerId partner, List<Held> codes, AtomicInteger next, long end)
      throws SQLException {
    int pairs = 0;
    try (var connection = OpsDatabase.connect(home, "coupon_worker");
        var lock = connection.prepareStatement(LOCK);
        var redeem = connection.prepareStatement(REDEEM);
        var endLock = connection.prepareStatement(END_LOCK)) {
      connection.setAutoCommit(false);
      for (int i = next.getAndIncrement();
          i < codes.size() && System.nanoTime() < end;
          i = next.getAndIncrement()) {
        var held = codes.get(i);
        var token = UUID.randomUUID();
        lock.setInt(1, partner.value());
        lock.setString(2, held.code().value());
        lock.setString(3, held.user().value());
        lock.setString(4, token.toString());
        lock.setObject(5, token);
        lock.executeUpdate();
        connection.commit();
        redeem.setInt(1, partner.value());
        redeem.setString(2, held.code().value());
        redeem.setObject(3, UUID.randomUUID());
        redeem.executeUpdate();
        endLock.setInt(1, partner.value());
        endLock.setString(2, held.code().value());
        endLock.setString(3, token.toString());
        pairs += endLock.executeUpdate();
        connection.commit();
      }
      return pairs;
    }
  }

  // The book's counts are not part of the yardstick's statements, but must be right as well.
  private static void balance(Connection connection, int number, int given, int redeemed)
      throws SQLException {
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO coupon_book_delta (partner_id, book_id, free, assigned, redeemed)
            SELECT partner_id, id, ?, ?, ?
            FROM coupon_book
            WHERE id = ?
            """)) {
      insert.setInt(1, -given);
      insert.setInt(2, given);
      insert.setInt(3, redeemed);
      insert.setInt(4, number);
      insert.executeUpdate();
    }
  }
}
