package dev.couponbook.store.tidy;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** Adds a partner to a local home, where a client has the name of its partner. */
public final class AddPartner {
  private AddPartner() {}

  private static final String ADD =
      """
      INSERT INTO partner (name, client_id)
      VALUES (?, ?)
      ON CONFLICT (name) DO NOTHING
      """;

  /**
   * @return false if the partner was there already
   */
  public static boolean add(Connection connection, String name) throws SQLException {
    return Sql.of(connection, ADD).with(name).with(name).update() == 1;
  }
}
