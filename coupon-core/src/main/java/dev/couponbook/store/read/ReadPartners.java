package dev.couponbook.store.read;

import dev.couponbook.coupon.PartnerId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Who may call. */
public final class ReadPartners {
  private ReadPartners() {}

  private static final String ENABLED =
      """
      SELECT id
      FROM partner
      WHERE client_id = ?
        AND disabled_at IS NULL
      """;

  /** The partner to whom tokens of this client belong; none if there is none or it is disabled. */
  public static Optional<PartnerId> enabled(Connection connection, String clientId)
      throws SQLException {
    try (var statement = connection.prepareStatement(ENABLED)) {
      statement.setString(1, clientId);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(new PartnerId(rows.getInt(1))) : Optional.empty();
      }
    }
  }
}
