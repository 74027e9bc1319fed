package dev.couponbook.store.batch;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.pattern.CodePattern;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
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

  // Rows in memory at once.
  private static final int FETCHED = 10_000;

  private static final String OF_PATTERN =
      """
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
    // What is counted here stays there; what only Java can judge has to come.
    return pattern.hasCheckCharacter()
        ? takenOneByOne(connection, partner, pattern)
        : takenTogether(connection, partner, pattern);
  }

  private static long takenTogether(Connection connection, PartnerId partner, CodePattern pattern)
      throws SQLException {
    try (var statement = ofPattern(connection, "SELECT count(*)", partner, pattern)) {
      var row = statement.executeQuery();
      row.next();
      return row.getLong(1);
    }
  }

  private static long takenOneByOne(Connection connection, PartnerId partner, CodePattern pattern)
      throws SQLException {
    try (var statement = ofPattern(connection, "SELECT code", partner, pattern)) {
      statement.setFetchSize(FETCHED);
      var row = statement.executeQuery();
      long taken = 0;
      while (row.next()) {
        taken += pattern.matches(row.getString(1)) ? 1 : 0;
      }
      return taken;
    }
  }

  private static PreparedStatement ofPattern(
      Connection connection, String select, PartnerId partner, CodePattern pattern)
      throws SQLException {
    var prefix = pattern.literalPrefix();
    var statement = connection.prepareStatement(select + "\n" + OF_PATTERN);
    try {
      statement.setInt(1, partner.value());
      statement.setString(2, prefix);
      statement.setString(3, prefix + '\u007F'); // above every character of a code
      statement.setString(4, pattern.regex());
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
