package dev.couponbook.schema;

import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postgresql.ds.PGSimpleDataSource;

/** An empty database on the server of the tests, for each test anew, which coupon_owner owns. */
final class NewDatabase implements BeforeEachCallback, AfterEachCallback {
  private static final String NAME = "to_be_migrated";

  private final TestDatabase server;

  NewDatabase(TestDatabase server) {
    this.server = server;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws SQLException {
    drop();
    onServer("CREATE DATABASE " + NAME + " OWNER coupon_owner");
  }

  @Override
  public void afterEach(ExtensionContext context) throws SQLException {
    drop();
  }

  private void drop() throws SQLException {
    onServer("DROP DATABASE IF EXISTS " + NAME + " WITH (FORCE)");
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.port(), NAME);
  }

  DataSource as(String role) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setUrl(url());
    dataSource.setUser(role);
    dataSource.setPassword(server.password());
    return dataSource;
  }

  /** Runs a statement in this database as the superuser. */
  void execute(String sql) throws SQLException {
    execute(as("postgres"), sql);
  }

  /** Runs a statement as the superuser, in another database of the server. */
  void onServer(String sql) throws SQLException {
    execute(server.superuser(), sql);
  }

  private static void execute(DataSource dataSource, String sql) throws SQLException {
    try (var connection = dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row, as the superuser sees it. */
  String text(String sql) throws SQLException {
    try (var connection = as("postgres").getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }
}
