package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Ledger;
import dev.couponbook.store.tidy.Invariants;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** The database as role {@code coupon_ops}, one connection per question. */
public final class OpsDatabase {
  private static final int CONNECT_SECONDS = 5;

  private OpsDatabase() {}

  /** A question to the database. */
  @FunctionalInterface
  public interface Question<T> {
    T to(Connection connection) throws SQLException;
  }

  public static <T> T ask(Home home, Question<T> question) {
    try (var connection = connect(home)) {
      return question.to(connection);
    } catch (SQLException e) {
      throw failure(home, e);
    }
  }

  // Class 57P is an operator's intervention, 08 a lost connection (PostgreSQL, appendix A).
  private static CommandFailure failure(Home home, SQLException e) {
    var state = String.valueOf(e.getSQLState());
    if (state.startsWith("08") || state.startsWith("57P")) {
      return new CommandFailure(
          ExitCode.UNREACHABLE,
          "The connection to the database at "
              + home.file().databaseUrl()
              + " was lost: is the home up? ./coupons status",
          e);
    }
    var sentence = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new CommandFailure(ExitCode.FAILED, "The database refused the request: " + sentence, e);
  }

  /**
   * Judges all rows by the rules that no test may break.
   *
   * @throws IllegalStateException if one is broken, naming it
   */
  public static Ledger.Result judge(Home home) {
    var violations = ask(home, Invariants::violations);
    Ledger.check(violations.isEmpty(), violations.size() + " violations: " + violations);
    return Ledger.Result.total(0, "violations");
  }

  public static Connection connect(Home home) {
    return connect(home, "coupon_ops");
  }

  /** The database as another role of the home. */
  public static Connection connect(Home home, String role) {
    var source = new PGSimpleDataSource();
    source.setUrl(home.file().databaseUrl());
    source.setUser(role);
    source.setPassword(home.file().password(role));
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setApplicationName("coupons");
    try {
      return source.getConnection();
    } catch (SQLException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "The home in "
              + home.directory().root()
              + " is not running, or not whole (no database at "
              + home.file().databaseUrl()
              + "): start what is missing with ./coupons up.",
          e);
    }
  }
}
