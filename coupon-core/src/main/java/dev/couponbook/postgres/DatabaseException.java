package dev.couponbook.postgres;

import java.sql.SQLException;

/** A failure of PostgreSQL or of the connection to it, classified by what to do about it. */
public final class DatabaseException extends RuntimeException {
  private final Kind kind;
  private final String sqlState;

  /** What the caller should do about a failure. */
  public enum Kind {
    /**
     * Nothing happened, and the same may well work at once: deadlock, serialization failure, lock
     * timeout.
     */
    RETRY,
    /** Nothing happened, and the database is away or overloaded: try later. */
    UNAVAILABLE,
    /** The reply to the commit was lost: look the rows up before doing anything again. */
    UNKNOWN_OUTCOME,
    /** Somebody else wrote the row first (unique violation): look again. */
    CONFLICT,
    /**
     * A constraint or a trigger refused the write, or the statement is wrong: a bug of the program.
     */
    BUG
  }

  private DatabaseException(Kind kind, SQLException cause) {
    super(kind + " (SQLSTATE " + cause.getSQLState() + "): " + firstLine(cause), cause);
    this.kind = kind;
    this.sqlState = String.valueOf(cause.getSQLState());
  }

  /**
   * @param committing whether the failure came after COMMIT was sent
   */
  public static DatabaseException of(SQLException e, boolean committing) {
    var kind = kindOf(e);
    return new DatabaseException(
        committing && kind == Kind.UNAVAILABLE ? Kind.UNKNOWN_OUTCOME : kind, e);
  }

  // PostgreSQL documentation, appendix A: error codes; a class is the first two characters.
  private static Kind kindOf(SQLException e) {
    var state = e.getSQLState();
    if (state == null || state.length() != 5) {
      // From the pool or the driver: there was no connection to be had.
      return Kind.UNAVAILABLE;
    }
    return switch (state) {
      // serialization failure, deadlock, lock not available
      case "40001", "40P01", "55P03" -> Kind.RETRY;
      // unique violation
      case "23505" -> Kind.CONFLICT;
      // read-only: after a failover the server is no longer the one that writes
      case "25006" -> Kind.UNAVAILABLE;
      // timeouts of session, transaction and statement
      case "25P03", "25P04", "57014" -> Kind.UNAVAILABLE;
      default ->
          switch (state.substring(0, 2)) {
            // connection, resources, operator intervention, system
            case "08", "53", "57", "58" -> Kind.UNAVAILABLE;
            default -> Kind.BUG;
          };
    };
  }

  // The driver's second line is "Detail: Key (code)=(…)", and a log must not have codes.
  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the failure says nothing about what was tried, only that the database was away. */
  public boolean isAway() {
    return kind == Kind.UNAVAILABLE || kind == Kind.UNKNOWN_OUTCOME;
  }

  /** Whether one of our constraints or triggers refused the write. */
  public boolean isRefusedByGuard() {
    return sqlState.equals("23514"); // check violation
  }

  /** Whether the database had no room on its disk. */
  public boolean isDiskFull() {
    return sqlState.equals("53100"); // disk full
  }

  public String sqlState() {
    return sqlState;
  }
}
