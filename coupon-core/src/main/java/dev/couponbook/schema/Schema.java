package dev.couponbook.schema;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the schema of this version. */
public final class Schema {
  /** The newest step that this version knows, and that its programs need. */
  public static final int VERSION = 32;

  private Schema() {}

  /**
   * Applies what is missing, each step in its own transaction; a database that is up to date, or
   * newer, is left alone. Two that do so at the same time take turns.
   *
   * @param owner connects as a role that may create tables and roles; the programs' own roles may
   *     not
   * @return how many steps were applied
   */
  public static int migrate(DataSource owner) {
    return of(owner).migrate().migrationsExecuted;
  }

  /** The steps, and what a database has of them. */
  static Flyway of(DataSource owner) {
    return Flyway.configure().dataSource(owner).locations("classpath:db/migration").load();
  }
}
