package dev.couponbook.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One PostgreSQL server a JVM, with a migrated database from which each test gets its copy. Not for
 * measuring: it does not wait for the disk.
 */
final class TestPostgres {
  static final String PASSWORD = "test";
  private static final String TEMPLATE = "couponbook_template";
  private static final List<String> ROLES =
      List.of("coupon_edge", "coupon_worker", "coupon_ingest", "coupon_sweep", "coupon_ops");
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final EmbeddedPostgres server;

  private TestPostgres() {
    try {
      server =
          EmbeddedPostgres.builder()
              .setServerConfig("max_connections", "300")
              .setServerConfig("fsync", "off")
              .setServerConfig("synchronous_commit", "on") // a test stops it at once
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL for tests did not start", e);
    }
    migrateTemplate();
  }

  private static final class Started {
    private static final TestPostgres SERVER = new TestPostgres();
  }

  static TestPostgres started() {
    return Started.SERVER;
  }

  private void migrateTemplate() {
    execute(superuser("postgres"), "CREATE DATABASE " + TEMPLATE);
    var owner = superuser(TEMPLATE);
    Flyway.configure().dataSource(owner).locations("classpath:db/migration").load().migrate();
    TestClock.install(owner);
    for (var role : ROLES) {
      execute(owner, "ALTER ROLE %s LOGIN PASSWORD '%s'".formatted(role, PASSWORD));
    }
  }

  /** A new database with the whole schema and no rows. */
  String createDatabase() {
    var name = "test_" + DATABASES.incrementAndGet();
    execute(superuser("postgres"), "CREATE DATABASE %s TEMPLATE %s".formatted(name, TEMPLATE));
    return name;
  }

  void dropDatabase(String name) {
    execute(superuser("postgres"), "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name));
  }

  int port() {
    return server.getPort();
  }

  PGSimpleDataSource superuser(String database) {
    return as("postgres", database);
  }

  PGSimpleDataSource as(String role, String database) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(new String[] {"127.0.0.1"});
    dataSource.setPortNumbers(new int[] {server.getPort()});
    dataSource.setDatabaseName(database);
    dataSource.setUser(role);
    dataSource.setPassword(PASSWORD);
    return dataSource;
  }

  static void execute(DataSource dataSource, String sql) {
    try (var connection = dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
