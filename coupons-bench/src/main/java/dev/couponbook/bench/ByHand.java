package dev.couponbook.bench;

import dev.couponbook.bench.Commands.Held;
import dev.couponbook.bench.direct.HandStatements;
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

  double assignsPerSecond(Duration time) {
    try (var connection = OpsDatabase.connect(home, "postgres")) {
      var numbered = numbered(connection, book);
      run(numbered, WARM_UP);
      long began = System.nanoTime();
      int measured = run(numbered, time);
      double seconds = (System.nanoTime() - began) / 1e9;
      BookCounts.correct(connection, book);
      return measured / seconds;
    } catch (SQLException e) {
      throw new CommandFailure(ExitCode.FAILED, "The yardstick failed: " + e.getMessage(), e);
    }
  }

  /**
   * The book as rows know it.
   *
   * @param picks how many pick numbers it has given out
   */
  record Numbered(int number, int picks) {}

  static Numbered numbered(Connection connection, BookId book) throws SQLException {
    try (var select = connection.prepareStatement(HandStatements.BOOK)) {
      select.setObject(1, book.value());
      var row = select.executeQuery();
      row.next();
      return new Numbered(row.getInt(1), row.getInt(2));
    }
  }

  private int run(Numbered numbered, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return sum(Threads.run(CONNECTIONS, _ -> () -> assign(numbered, end)));
  }

  private static int sum(List<Integer> counts) {
    return counts.stream().mapToInt(Integer::intValue).sum();
  }

  private int assign(Numbered numbered, long end) throws SQLException {
    var random = ThreadLocalRandom.current();
    int given = 0;
    try (var connection = OpsDatabase.connect(home, "coupon_worker");
        var assign = connection.prepareStatement(HandStatements.ASSIGN)) {
      while (System.nanoTime() < end) {
        var holder = "by-hand-" + random.nextLong(Long.MAX_VALUE) + "@example.com";
        assign.setInt(1, numbered.number());
        assign.setInt(2, random.nextInt(Math.max(1, numbered.picks() / 2)));
        assign.setInt(3, numbered.number());
        assign.setString(4, holder);
        assign.setString(5, holder);
        assign.setObject(6, UUID.randomUUID());
        given += assign.executeQuery().next() ? 1 : 0;
      }
      return given;
    }
  }

  /** A lock and a redeem of each code: a statement that locks, and two in one that redeem. */
  double pairsPerSecond(PartnerId partner, List<Held> codes, Duration time) {
    var next = new AtomicInteger();
    long began = System.nanoTime();
    long end = began + time.toNanos();
    int pairs = sum(Threads.run(CONNECTIONS, _ -> () -> lockAndRedeem(partner, codes, next, end)));
    double seconds = (System.nanoTime() - began) / 1e9;
    try (var connection = OpsDatabase.connect(home, "postgres")) {
      BookCounts.correct(connection, book);
    } catch (SQLException e) {
      throw new CommandFailure(ExitCode.FAILED, "The yardstick failed: " + e.getMessage(), e);
    }
    return pairs / seconds;
  }

  private int lockAndRedeem(PartnerId partner, List<Held> codes, AtomicInteger next, long end)
      throws SQLException {
    int pairs = 0;
    try (var connection = OpsDatabase.connect(home, "coupon_worker");
        var lock = connection.prepareStatement(HandStatements.LOCK);
        var redeem = connection.prepareStatement(HandStatements.REDEEM);
        var endLock = connection.prepareStatement(HandStatements.END_LOCK)) {
      connection.setAutoCommit(false);
      for (int i = next.getAndIncrement();
          i < codes.size() && System.nanoTime() < end;
          i = next.getAndIncrement()) {
        var held = codes.get(i);
        lock.setInt(1, partner.value());
        lock.setString(2, held.code().value());
        lock.setString(3, held.user().value());
        lock.setString(4, UUID.randomUUID().toString());
        lock.setObject(5, UUID.randomUUID());
        lock.executeQuery();
        connection.commit();
        redeem.setInt(1, partner.value());
        redeem.setString(2, held.code().value());
        redeem.setObject(3, UUID.randomUUID());
        redeem.executeQuery();
        endLock.setInt(1, partner.value());
        endLock.setString(2, held.code().value());
        pairs += endLock.executeUpdate();
        connection.commit();
      }
      return pairs;
    }
  }
}
