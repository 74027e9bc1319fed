package dev.couponbook.store.tidy;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/** The roles of the programs: which are there, and which may log in. */
public final class AdmitPrograms {
  private AdmitPrograms() {}

  /** One for each program, and {@code coupon_ops} for operators; the schema makes them. */
  public static final List<String> ROLES =
      List.of("coupon_edge", "coupon_worker", "coupon_ingest", "coupon_sweep", "coupon_ops");

  // "CBRO": no other advisory lock of this database has this number.
  private static final long TURN = 0x4342524F;

  // PostgreSQL refuses the later of two changes of a role: "tuple concurrently updated".
  private static final String TAKE_TURNS = "SELECT pg_advisory_xact_lock(?)";

  /**
   * Lets the programs log in, all or none; a role that may log in already gets the new password.
   * Two that do so at the same time take turns.
   *
   * @param connection in a transaction, as a role that administers those of the programs: the one
   *     that made them, or a superuser
   * @param passwords by role
   */
  public static void admit(Connection connection, Map<String, String> passwords)
      throws SQLException {
    Sql.of(connection, TAKE_TURNS).with(TURN).one(_ -> TURN);
    for (var password : passwords.entrySet()) {
      admit(connection, password.getKey(), password.getValue());
    }
  }

  /** Lets one role log in with this password. */
  static void admit(Connection connection, String role, String password) throws SQLException {
    // The driver sends what the server keeps of it. The password itself could be read in the
    // server's log.
    connection
        .unwrap(PGConnection.class)
        .alterUserPassword(role, password.toCharArray(), "scram-sha-256");
    try (var statement = connection.createStatement()) {
      statement.execute("ALTER ROLE " + statement.enquoteIdentifier(role, true) + " LOGIN");
    }
  }

  private static final String ADMITTED =
      """
      SELECT rolname
      FROM pg_roles
      WHERE rolname = ANY (?)
        AND rolcanlogin
      """;

  /** Those of the programs' roles that may log in. */
  public static List<String> admitted(Connection connection) throws SQLException {
    return Sql.of(connection, ADMITTED).texts(ROLES, role -> role).list(row -> row.text("rolname"));
  }
}
