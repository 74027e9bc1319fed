package dev.couponbook.store.tidy;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What a database says of its own schema.
 *
 * @param version its newest step
 * @param oldestPrograms the oldest version of programs that runs on it, named by the newest step
 *     which that version knows
 */
public record SchemaState(int version, int oldestPrograms) {
  private static final String IS_TOLD =
      "SELECT to_regclass('public.schema_state') IS NOT NULL AS told";

  private static final String READ = "SELECT version, oldest_programs FROM schema_state";

  /** Empty before the step from which on a schema tells this, 32. */
  public static Optional<SchemaState> read(Connection connection) throws SQLException {
    if (!Sql.of(connection, IS_TOLD).one(row -> row.flag("told"))) {
      return Optional.empty();
    }
    return Sql.of(connection, READ)
        .first(row -> new SchemaState(row.integer("version"), row.integer("oldest_programs")));
  }
}
