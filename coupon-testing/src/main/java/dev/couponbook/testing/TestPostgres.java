package dev.couponbook.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One PostgreSQL server per JVM, with a migrated database of which each test gets a copy. Copies
 * are made, and dropped, while other tests run. Not for measuring: the server does not wait for the
 * disk.
 */
final class TestPostgres {
  static final String PASSWORD = "test";
  static final String OWNER = "coupon_owner";
  private static final String TEMPLATE = "couponbook_template";
  private static final List<String> ROLES =
      List.of("coupon_edge", "coupon_worker", "coupon_ingest", "coupon_sweep", "coupon_ops");
  // While one is being used, one is made: more would only be dropped unused at the end.
  private static final int READY = 2;
  private static final Duration RETRY = Duration.ofMillis(200);

  private final EmbeddedPostgres server;
  private final BlockingQueue<String> ready = new ArrayBlockingQueue<>(READY);
  private final BlockingQueue<String> used = new LinkedBlockingQueue<>();
  private int made;

  private TestPostgres() {
    try {
      server =
          EmbeddedPostgres.builder()
              .setServerConfig("max_connections", "300")
              .setServerConfig("fsync", "off")
              // There is a test that stops the server at once.
              .setServerConfig("synchronous_commit", "on")
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL for tests did not start", e);
    }
    migrateTemplate();
    inBackground("test-databases", () -> ready.put(create()));
    inBackground("used-test-databases", () -> drop(used.take()));
  }

  private static final class Started {
    private static final TestPostgres SERVER = new TestPostgres();
  }

  static TestPostgres started() {
    return Started.SERVER;
  }

  // As on Aurora: what a migration could do only as somebody with more rights fails here.
  private void migrateTemplate() {
    execute(
        superuser("postgres"),
        "CREATE ROLE %s LOGIN CREATEDB CREATEROLE PASSWORD '%s'".formatted(OWNER, PASSWORD));
    execute(superuser("postgres"), "CREATE DATABASE %s OWNER %s".formatted(TEMPLATE, OWNER));
    var owner = as(OWNER, TEMPLATE);
    Flyway.configure().dataSource(owner).locations("classpath:db/migration").load().migrate();
    TestClock.install(owner);
    for (var role : ROLES) {
      execute(owner, "ALTER ROLE %s LOGIN PASSWORD '%s'".formatted(role, PASSWORD));
    }
  }

  /** A database with the whole schema and no rows, for the caller alone. */
  String takeDatabase() {
    try {
      return ready.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a database", e);
    }
  }

  /** Takes a database back, to be dropped together with all connections to it. */
  void dropLater(String name) {
    used.add(name);
  }

  private String create() {
    return createDatabase("test_" + ++made);
  }

  /** As {@link #takeDatabase}, under this name, and not made ahead. */
  String createDatabase(String name) {
    execute(
        superuser("postgres"),
        "CREATE DATABASE %s TEMPLATE %s OWNER %s".formatted(name, TEMPLATE, OWNER));
    // The first connection to a database reads its whole catalog: here no test waits for that.
    execute(superuser(name), "SELECT FROM invariant_violation LIMIT 1");
    return name;
  }

  void drop(String name) {
    execute(superuser("postgres"), "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name));
  }

  private interface Step {
    void run() throws InterruptedException;
  }

  // Tests stop and freeze this server: if a step fails meanwhile, it is tried again with
  // another name.
  private static void inBackground(String name, Step step) {
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(() -> {
          while (true) {
            try {
              step.run();
            } catch (IllegalStateException e) {
              LockSupport.parkNanos(RETRY.toNanos());
            } catch (InterruptedException e) {
              return;
            }
          }
        });
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
