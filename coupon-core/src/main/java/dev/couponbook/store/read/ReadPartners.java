package dev.couponbook.store.read;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Partners, and the clients by which their tokens name them. */
public final class ReadPartners {
  private ReadPartners() {}

  private static final String ENABLED =
      """
      SELECT id
      FROM partner
      WHERE client_id = ?
        AND disabled_at IS NULL
      """;

  /** The partner to whom tokens of this client belong; empty if there is none or it is disabled. */
  public static Optional<PartnerId> enabled(Connection connection, String clientId)
      throws SQLException {
    return Sql.of(connection, ENABLED)
        .with(clientId)
        .first(row -> new PartnerId(row.integer("id")));
  }

  /** A partner's client, by which its tokens know it. */
  public record Client(String id, boolean disabled) {}

  private static final String CLIENT =
      """
      SELECT client_id, disabled_at IS NOT NULL AS disabled
      FROM partner
      WHERE name = ?
      """;

  /** The client of the partner with this name, for operators. */
  public static Optional<Client> client(Connection connection, String name) throws SQLException {
    return Sql.of(connection, CLIENT)
        .with(name)
        .first(row -> new Client(row.text("client_id"), row.flag("disabled")));
  }
}
