package dev.couponbook.store.tidy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
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
   * The broken ones, each with its place; empty where all hold. Reads every code of the database,
   * so it takes about a second for each million.
   *
   * @param connection as the owner of the schema or as {@code coupon_ops}
   */
  public static List<String> violations(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(VIOLATIONS);
        var rows = statement.executeQuery()) {
      var violations = new ArrayList<String>();
      while (rows.next()) {
        violations.add(rows.getString("rule") + ": " + rows.getString("place"));
      }
      return violations;
    }
  }
}
