package dev.couponbook.store.tidy;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Makes the database of a local home on a server that may have it already. Not for production,
 * where roles and their passwords are the administrators' business.
 */
public final class CreateDatabase {
  private CreateDatabase() {}

  // What an owner has on Aurora, and no more: what a home can do, a managed database can, too.
  private static final String CREATE_OWNER =
      """
      DO $$
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'coupon_owner') THEN
          CREATE ROLE coupon_owner LOGIN CREATEDB CREATEROLE;
        END IF;
      END $$
      """;

  /**
   * Makes the role that owns the schema, if there is none yet, and gives it this password.
   *
   * @param connection as a superuser
   */
  public static void owner(Connection connection, String password) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(CREATE_OWNER);
    }
    AdmitPrograms.admit(connection, "coupon_owner", password);
  }

  private static final String BOUND_OWNER = "ALTER ROLE coupon_owner CREATEDB NOBYPASSRLS";

  /**
   * Takes BYPASSRLS from an owner that a version before made. The schema must be up to date,
   * because one of its steps takes the same right from coupon_ingest, for which the owner needs it.
   *
   * @param connection as a superuser
   */
  public static void boundOwner(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(BOUND_OWNER);
    }
  }

  private static final String FIND = "SELECT FROM pg_database WHERE datname = ?";

  /**
   * Makes the owner's empty database, if there is none of this name yet.
   *
   * @param connection as a superuser, and outside of a transaction
   */
  public static void database(Connection connection, String name) throws SQLException {
    if (Sql.of(connection, FIND).with(name).first(_ -> name).isPresent()) {
      return;
    }
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE DATABASE " + statement.enquoteIdentifier(name, true) + " OWNER coupon_owner");
    }
  }
}
