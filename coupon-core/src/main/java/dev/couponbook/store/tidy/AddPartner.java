package dev.couponbook.store.tidy;

import java.sql.Connection;
import java.sql.SQLException;

/** Makes a partner of a local home, where the client is named as its partner. */
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
    try (var insert = connection.prepareStatement(ADD)) {
      insert.setString(1, name);
      insert.setString(2, name);
      return insert.executeUpdate() == 1;
    }
  }
}
