package dev.couponbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * The one place where a transaction begins and ends. What runs inside sees one connection and makes
 * no network call of its own.
 */
public final class Transactions {
  private final DataSource dataSource;

  public Transactions(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Work inside a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /** Work without a result. */
  @FunctionalInterface
  public interface Effects {
    void in(Connection connection) throws SQLException;
  }

  /**
   * Runs one statement, which is a transaction to itself.
   *
   * @throws DatabaseException for anything that PostgreSQL or the way to it reports
   */
  public void alone(Effects statement) {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(true);
      statement.in(connection);
    } catch (SQLException e) {
      throw DatabaseException.of(e, true);
    }
  }

  /** As {@link #inTransaction}, for work without a result. */
  public void run(Effects effects) {
    inTransaction(connection -> {
      effects.in(connection);
      return Boolean.TRUE;
    });
  }

  /**
   * Runs the work and commits; rolls back if it throws.
   *
   * @throws DatabaseException for anything that PostgreSQL or the way to it reports; after {@link
   *     DatabaseException.Kind#UNKNOWN_OUTCOME} the commit may have happened, and only the
   *     command's own row tells
   */
  public <T> T inTransaction(Work<T> work) {
    boolean committing = false;
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.in(connection);
        committing = true;
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw DatabaseException.of(e, committing);
    }
  }

  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
