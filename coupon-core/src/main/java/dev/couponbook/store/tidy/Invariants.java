package dev.couponbook.store.tidy;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The promises that can be read off the tables. */
public final class Invariants {
  private static final String VIOLATIONS =
      """
      SELECT rule, place
      FROM invariant_violation
      LIMIT 100
      """;

  private Invariants() {}

  /**
   * The promises that are broken, each with its place; empty if all hold. Reads every code of the
   * database, so it takes about a second for each million.
   *
   * @param connection as the owner of the schema or as {@code coupon_ops}
   */
  public static List<String> violations(Connection connection) throws SQLException {
    return Sql.of(connection, VIOLATIONS).list(row -> row.text("rule") + ": " + row.text("place"));
  }
}
