package dev.couponbook.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A database with the whole schema and no rows. As an instance field it gives each test a database
 * of its own: {@code @RegisterExtension final TestDatabase database = new TestDatabase();}. As a
 * static field all tests of the class share one, which saves a tenth of a second per test; each
 * must then make a partner of its own and count only that partner's rows. After every test the
 * invariants are checked; no test can opt out.
 */
public final class TestDatabase
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  // As many as a test of 64 racers needs without one waiting for another's connection.
  private static final int CONNECTIONS = 70;

  private final @Nullable String wantedName;
  private @Nullable String name;
  private boolean shared;
  private final Map<String, HikariDataSource> pools = new LinkedHashMap<>();

  public TestDatabase() {
    this(null);
  }

  private TestDatabase(@Nullable String wantedName) {
    this.wantedName = wantedName;
  }

  /**
   * A database of this name, for a program that expects one. A server has it once, so the tests
   * that want it take turns.
   */
  public static TestDatabase named(String name) {
    return new TestDatabase(name);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    shared = true;
    name = take();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (!shared) {
      name = take();
    }
  }

  private String take() {
    var server = TestPostgres.started();
    return wantedName == null ? server.takeDatabase() : server.createDatabase(wantedName);
  }

  @Override
  public void afterEach(ExtensionContext context) throws SQLException {
    var violations = violations();
    if (shared) {
      clock().release();
    } else {
      close();
    }
    assertTrue(violations.isEmpty(), () -> "broken invariants: " + violations);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  private void close() {
    pools.values().forEach(HikariDataSource::close);
    pools.clear();
    var server = TestPostgres.started();
    if (wantedName == null) {
      server.dropLater(name());
    } else {
      server.drop(wantedName); // before the next test makes another of this name
    }
  }

  /**
   * Connects as the owner of the schema, to whom no grant and no policy applies. It has LOGIN,
   * CREATEDB and CREATEROLE, as an owner on Aurora has.
   */
  public DataSource owner() {
    return as(TestPostgres.OWNER);
  }

  /** Connects as the server's superuser, for what no owner of a schema may do. */
  public DataSource superuser() {
    return as("postgres");
  }

  /** Connects as one of the programs' roles, such as {@code coupon_worker}. */
  public DataSource as(String role) {
    return pools.computeIfAbsent(role, this::pool);
  }

  private HikariDataSource pool(String role) {
    var config = new HikariConfig();
    config.setDataSource(TestPostgres.started().as(role, name()));
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  /**
   * The JDBC address, for a program under test that connects by itself; the password of each role
   * is {@link #password()}.
   */
  public String url() {
    return TestPostgres.started().superuser(name()).getURL();
  }

  public String password() {
    return TestPostgres.PASSWORD;
  }

  /** PostgreSQL's port on this machine, for a gate in front of it. */
  public int port() {
    return TestPostgres.started().port();
  }

  /**
   * Kills one of the server's processes: the server stops all others at once and recovers from its
   * log; all connections are lost.
   */
  public void stopServerAtOnce() {
    var checkpointer =
        number("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
    ProcessHandle.of(checkpointer).orElseThrow().destroyForcibly();
  }

  /** Freezes all processes of the server until the result is closed. */
  public AutoCloseable frozenServer() {
    long postmaster =
        ProcessHandle.of(number("SELECT pg_backend_pid()"))
            .flatMap(ProcessHandle::parent)
            .orElseThrow()
            .pid();
    signal("STOP", postmaster);
    return () -> signal("CONT", postmaster);
  }

  /**
   * Until the result is closed, all connections that this role has now can only read, as those to a
   * writer that a failover made a reader; connections that it opens from now on write.
   */
  public AutoCloseable oldWriter(String role) {
    changeServer(
        "ALTER ROLE " + role + " SET default_transaction_read_only = off",
        "ALTER SYSTEM SET default_transaction_read_only = on");
    return () ->
        changeServer(
            "ALTER SYSTEM RESET default_transaction_read_only",
            "ALTER ROLE " + role + " RESET default_transaction_read_only");
  }

  private void changeServer(String... changes) {
    try (var connection = TestPostgres.started().superuser(name()).getConnection();
        var statement = connection.createStatement()) {
      statement.execute("SET default_transaction_read_only = off");
      for (var change : changes) {
        statement.execute(change);
      }
      statement.execute("SELECT pg_reload_conf()");
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("; ", changes), e);
    }
  }

  private static void signal(String signal, long postmaster) {
    var all =
        Stream.concat(
            Stream.of(ProcessHandle.of(postmaster).orElseThrow()),
            ProcessHandle.of(postmaster).orElseThrow().descendants());
    var command = new ArrayList<>(List.of("kill", "-" + signal));
    all.forEach(process -> command.add(Long.toString(process.pid())));
    try {
      new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public TestClock clock() {
    return new TestClock(owner());
  }

  public CouponFactory rows() {
    return new CouponFactory(owner());
  }

  /** The invariants that the tables break right now. */
  public List<String> violations() throws SQLException {
    try (var connection = TestPostgres.started().superuser(name()).getConnection();
        var select =
            connection.prepareStatement("SELECT rule, place FROM invariant_violation LIMIT 20");
        var rows = select.executeQuery()) {
      var violations = new ArrayList<String>();
      while (rows.next()) {
        violations.add(rows.getString("rule") + ": " + rows.getString("place"));
      }
      return violations;
    }
  }

  /**
   * The first column of the first row of a query, which runs as the superuser, who sees other
   * roles' sessions, too, and may end them.
   */
  public long number(String sql, Object... parameters) {
    return first(sql, row -> row.getLong(1), parameters);
  }

  /** As {@link #number}, for a text. */
  public String text(String sql, Object... parameters) {
    return first(sql, row -> String.valueOf(row.getString(1)), parameters);
  }

  private interface Column<T> {
    T of(ResultSet row) throws SQLException;
  }

  private <T> T first(String sql, Column<T> column, Object... parameters) {
    try (var connection = superuser().getConnection();
        var select = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        select.setObject(i + 1, parameters[i]);
      }
      try (var row = select.executeQuery()) {
        row.next();
        return column.of(row);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private String name() {
    return Objects.requireNonNull(name, "the database is there from beforeEach on");
  }
}
