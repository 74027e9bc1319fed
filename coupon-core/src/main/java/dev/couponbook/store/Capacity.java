package dev.couponbook.store;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.pattern.CodePattern;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;

/** How much of a pattern's key space a partner has used up. */
public final class Capacity {
  private Capacity() {}

  /** Whether so many codes of the pattern can still be made, and how many there are already. */
  public record Room(boolean enough, BigInteger keySpace, long taken) {}

  // An upper bound of all that could be taken: without it each load would count millions.
  private static final String CODES_OF_PARTNER =
      """
      SELECT coalesce(sum(free + assigned + void), 0)
      FROM coupon_book_delta
      WHERE partner_id = ?
      """;

  private static final String TAKEN =
      """
      SELECT count(*)
      FROM coupon
      WHERE partner_id = ?
        AND code >= ? AND code < ? -- by the index, where the pattern begins with a prefix
        AND code ~ ?
      """;

  /** Looks whether the partner's key space has room for an amount; counts only if it may not. */
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
    try (var statement = connection.prepareStatement(CODES_OF_PARTNER)) {
      statement.setInt(1, partner.value());
      var row = statement.executeQuery();
      row.next();
      return row.getLong(1);
    }
  }

  private static long taken(Connection connection, PartnerId partner, CodePattern pattern)
      throws SQLException {
    var prefix = pattern.literalPrefix();
    try (var statement = connection.prepareStatement(TAKEN)) {
      statement.setInt(1, partner.value());
      statement.setString(2, prefix);
      statement.setString(3, prefix + '\u007F'); // above every character of a code
      statement.setString(4, pattern.regex());
      var row = statement.executeQuery();
      row.next();
      return row.getLong(1);
    }
  }
}
