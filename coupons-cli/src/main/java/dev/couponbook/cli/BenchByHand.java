package dev.couponbook.cli;

import dev.couponbook.coupon.BookId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/** Assigns by hand: what the database can do with one statement a transaction. */
final class BenchByHand {
  private static final int CONNECTIONS = 8;
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final Home home;
  private final BookId book;

  BenchByHand(Home home, BookId book) {
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

  double assignsPerSecond(Duration time) {
    try (var connection = OpsDatabase.connect(home, "postgres")) {
      int number = number(connection, "SELECT id FROM coupon_book WHERE public_id = ?");
      int picks =
          number(
              connection,
              "SELECT next_pick FROM coupon_book_pick JOIN coupon_book ON id = book_id WHERE public_id = ?");
      int given = run(number, picks, WARM_UP);
      long began = System.nanoTime();
      int measured = run(number, picks, time);
      double seconds = (System.nanoTime() - began) / 1e9;
      balance(connection, number, given + measured);
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

  private int run(int number, int picks, Duration time) throws SQLException {
    long end = System.nanoTime() + time.toNanos();
    int given = 0;
    try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      var counts = new ArrayList<Future<Integer>>();
      for (int i = 0; i < CONNECTIONS; i++) {
        counts.add(threads.submit(() -> assign(number, picks, end)));
      }
      for (var count : counts) {
        given += count.get();
      }
      return given;
    } catch (ExecutionException e) {
      throw new SQLException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.DETACHED, "Interrupted.", e);
    }
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

  // The book's counts are not part of the yardstick's statement, and must be right all the same.
  private static void balance(Connection connection, int number, int given) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO coupon_book_delta (partner_id, book_id, free, assigned)
            SELECT partner_id, id, ?, ?
            FROM coupon_book
            WHERE id = ?
            """)) {
      insert.setInt(1, -given);
      insert.setInt(2, given);
      insert.setInt(3, number);
      insert.executeUpdate();
    }
  }
}
