package dev.couponbook.store.tidy;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What the owner of the schema must be allowed to do before its steps can be taken. */
public final class OwnerRights {
  private OwnerRights() {}

  private static final String RIGHTS =
      """
      SELECT rolcreaterole OR rolsuper AS makes_roles,
             has_database_privilege(current_database(), 'CREATE') AS makes_schemas,
             has_schema_privilege('public', 'CREATE') AS makes_tables,
             quote_ident(current_user) AS owner,
             quote_ident(current_database()) AS database
      FROM pg_roles
      WHERE rolname = current_user
      """;

  /** The rights that the connection's role lacks, each as the statement that gives it. */
  public static List<String> missing(Connection connection) throws SQLException {
    var missing =
        new ArrayList<>(
            Sql.of(connection, RIGHTS)
                .one(row -> {
                  var statements = new ArrayList<String>();
                  var owner = row.text("owner");
                  if (!row.flag("makes_roles")) {
                    statements.add("ALTER ROLE " + owner + " CREATEROLE");
                  }
                  if (!row.flag("makes_schemas")) {
                    statements.add(
                        "GRANT CREATE ON DATABASE " + row.text("database") + " TO " + owner);
                  }
                  if (!row.flag("makes_tables")) {
                    statements.add("GRANT CREATE ON SCHEMA public TO " + owner);
                  }
                  return statements;
                }));
    missing.addAll(rolesOfOthers(connection));
    return missing;
  }

  private static final String ROLES_OF_OTHERS =
      """
      SELECT rolname, quote_ident(current_user) AS owner
      FROM pg_roles
      WHERE rolname = ANY (?)
        AND NOT pg_has_role(oid, 'MEMBER WITH ADMIN OPTION')
      ORDER BY rolname
      """;

  // Whoever makes a role administers it; one that somebody else made has to be handed over.
  private static List<String> rolesOfOthers(Connection connection) throws SQLException {
    return Sql.of(connection, ROLES_OF_OTHERS)
        .texts(AdmitPrograms.ROLES, role -> role)
        .list(row ->
            "GRANT %s TO %s WITH ADMIN OPTION".formatted(row.text("rolname"), row.text("owner")));
  }

  private static final String TABLES_WITHOUT_HISTORY =
      """
      SELECT count(*) AS tables
      FROM pg_class
      WHERE relnamespace = 'public'::regnamespace
        AND relkind IN ('r', 'v')
        AND to_regclass('public.flyway_schema_history') IS NULL
      """;

  /** Whether the database has tables, and no record of the steps that made them. */
  public static boolean hasUnknownTables(Connection connection) throws SQLException {
    return Sql.of(connection, TABLES_WITHOUT_HISTORY).one(row -> row.bigint("tables")) > 0;
  }
}
