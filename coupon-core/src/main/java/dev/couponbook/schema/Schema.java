package dev.couponbook.schema;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the schema of this version. */
public final class Schema {
  private Schema() {}

  /**
   * Applies what is missing, each step in its own transaction; a database that is up to date is
   * left alone.
   *
   * @param owner connects as a role that may create tables and roles; the programs' own roles may
   *     not
   * @return how many steps were applied
   */
  public static int migrate(DataSource owner) {
    return Flyway.configure()
        .dataSource(owner)
        .locations("classpath:db/migration")
        .load()
        .migrate()
        .migrationsExecuted;
  }
}
