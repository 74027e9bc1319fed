package dev.couponbook.store.sql;

import dev.couponbook.coupon.PartnerId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A reading statement that names the partners whose rows the edge's role may see, for the rest of
 * its transaction: when the connection returns to its pool, the setting is gone.
 *
 * <p>It must stand in a transaction. Without one the two statements seem to be one, as the driver
 * sends both before one Sync; but from the sixth time on it knows that the second may bring any
 * number of bytes, puts a Sync between them, and the second one sees no rows.
 */
public final class PartnerStatement implements AutoCloseable {
  private static final String AS_PARTNERS = "SELECT set_config('coupon.partners', ?, true);\n";

  private final PreparedStatement statement;
  private int parameters;

  private PartnerStatement(PreparedStatement statement) {
    this.statement = statement;
  }

  /** The text to prepare; kept in a constant, so that the driver finds its plan again. */
  public static String asPartners(String select) {
    return AS_PARTNERS + select;
  }

  public static PartnerStatement prepare(Connection connection, String sql, PartnerId partner)
      throws SQLException {
    return prepare(connection, sql, Set.of(partner));
  }

  public static PartnerStatement prepare(
      Connection connection, String sql, Collection<PartnerId> partners) throws SQLException {
    var prepared = new PartnerStatement(connection.prepareStatement(sql));
    prepared.with(
        partners.stream().map(p -> Integer.toString(p.value())).collect(Collectors.joining(",")));
    return prepared;
  }

  public PartnerStatement with(@Nullable String value) throws SQLException {
    statement.setString(++parameters, value);
    return this;
  }

  public PartnerStatement with(int value) throws SQLException {
    statement.setInt(++parameters, value);
    return this;
  }

  public PartnerStatement with(PartnerId partner) throws SQLException {
    return with(partner.value());
  }

  public PartnerStatement with(@Nullable UUID value) throws SQLException {
    statement.setObject(++parameters, value, java.sql.Types.OTHER);
    return this;
  }

  public PartnerStatement with(Array value) throws SQLException {
    statement.setArray(++parameters, value);
    return this;
  }

  /** The rows of the statement behind the setting. */
  public ResultSet rows() throws SQLException {
    statement.execute();
    statement.getMoreResults();
    return statement.getResultSet();
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
