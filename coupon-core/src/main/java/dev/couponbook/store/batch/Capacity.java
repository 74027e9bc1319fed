package dev.couponbook.store.batch;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.pattern.CodePattern;
import dev.couponbook.store.sql.Sql;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.LongAdder;

/** How much of a pattern's key space a partner has used up. */
public final class Capacity {
  private Capacity() {}

  /** Whether the amount can still be made, and how many codes of the pattern exist already. */
  public record Room(boolean enough, BigInteger keySpace, long taken) {}

  // An upper bound on the codes that could be taken: without it every load would count
  // millions.
  private static final String CODES_OF_PARTNER =
      """
      SELECT coalesce(sum(free + assigned + void), 0) AS codes
      FROM coupon_book_delta
      WHERE partner_id = ?
      """;

  // Rows in memory at once.
  private static final int FETCHED = 10_000;

  private static final String OF_PATTERN =
      """
      FROM coupon
      WHERE partner_id = ?
        AND code >= ? AND code < ? -- by the index, where the pattern begins with a prefix
        AND code ~ ?
      """;

  /** Checks whether the partner's key space has room for an amount; counts only if it might not. */
  public static Room room(
      Connection connection, PartnerId partner, CodePattern pattern, long amount)
      throws SQLException {
    var free = pattern.keySpace().subtract(BigInteger.valueOf(amount));
    long all = codesOf(connection, partner);
    if (free.compareTo(BigInteger.valueOf(all)) >= 0) {
      return new Room(true, pattern.keySpace(), 0);
    }
    long taken = taken(connection, partner, pattern);
    return new Room(free.compareTo(BigInteger.valueOf(taken)) >= 0, pattern.keySpace(), taken);
  }

  private static long codesOf(Connection connection, PartnerId partner) throws SQLException {
    return Sql.of(connection, CODES_OF_PARTNER).with(partner).one(row -> row.bigint("codes"));
  }

  private static long taken(Connection connection, PartnerId partner, CodePattern pattern)
      throws SQLException {
    // PostgreSQL counts what its regular expression can judge; check characters need Java, so
    // those codes are fetched.
    return pattern.hasCheckCharacter()
        ? takenOneByOne(connection, partner, pattern)
        : takenTogether(connection, partner, pattern);
  }

  private static long takenTogether(Connection connection, PartnerId partner, CodePattern pattern)
      throws SQLException {
    return ofPattern(connection, "SELECT count(*) AS codes", partner, pattern)
        .one(row -> row.bigint("codes"));
  }

  private static long takenOneByOne(Connection connection, PartnerId partner, CodePattern pattern)
      throws SQLException {
    var taken = new LongAdder();
    ofPattern(connection, "SELECT code", partner, pattern)
        .fetching(FETCHED)
        .each(row -> taken.add(pattern.matches(row.text("code")) ? 1 : 0));
    return taken.sum();
  }

  private static Sql ofPattern(
      Connection connection, String select, PartnerId partner, CodePattern pattern) {
    var prefix = pattern.literalPrefix();
    return Sql.of(connection, select + "\n" + OF_PATTERN)
        .with(partner)
        .with(prefix)
        .with(prefix + '\u007F') // above every character of a code
        .with(pattern.regex());
  }
}
