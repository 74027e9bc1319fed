package dev.couponbook.local;

import dev.couponbook.schema.MigrateDatabase;
import dev.couponbook.schema.MigrationException;
import dev.couponbook.store.tidy.AddPartner;
import dev.couponbook.store.tidy.CreateDatabase;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The home's database, on whatever server: created, migrated and opened to the programs. */
final class HomeDatabase {
  private static final Logger LOG = LoggerFactory.getLogger(HomeDatabase.class);
  private static final String NAME = "couponbook";

  private final URI server;

  private HomeDatabase(URI server) {
    this.server = server;
  }

  static HomeDatabase of(HomeFile file) {
    return new HomeDatabase(file.databaseServer());
  }

  /** Waits until the server answers: in a container it first starts, stops and starts again. */
  void await(Duration limit) {
    var deadline = Instant.now().plus(limit);
    while (true) {
      try {
        superuser().getConnection().close();
        return;
      } catch (SQLException e) {
        if (Instant.now().isAfter(deadline)) {
          throw new HomeException(
              "PostgreSQL at %s:%d did not answer within %d s (%s)."
                  .formatted(server.getHost(), server.getPort(), limit.toSeconds(), e.getMessage()),
              e);
        }
        Pause.millis(200);
      }
    }
  }

  /** Creates what is missing, and gives each program's role its password from the home. */
  void prepare(HomeFile file) {
    create(file);
    migrate(file);
    boundOwner();
  }

  private void migrate(HomeFile file) {
    var passwords = new LinkedHashMap<String, String>();
    HomeFile.PROGRAM_ROLES.forEach(role -> passwords.put(role, file.password(role)));
    var owner = as(HomeFile.OWNER, file.password(HomeFile.OWNER), NAME);
    try {
      var done = new MigrateDatabase(owner, file.databaseUrl()).run(passwords);
      if (done.steps() > 0) {
        LOG.info("the schema was brought up to date in {} steps", done.steps());
      }
    } catch (MigrationException e) {
      throw new HomeException(String.valueOf(e.getMessage()), e);
    }
  }

  private void boundOwner() {
    try (var connection = superuser().getConnection()) {
      CreateDatabase.boundOwner(connection);
    } catch (SQLException e) {
      throw new HomeException("The owner's rights cannot be set: " + e.getMessage(), e);
    }
  }

  private void create(HomeFile file) {
    try (var connection = superuser().getConnection()) {
      CreateDatabase.owner(connection, file.password(HomeFile.OWNER));
      CreateDatabase.database(connection, NAME);
    } catch (SQLException e) {
      throw new HomeException("The database cannot be made: " + e.getMessage(), e);
    }
  }

  /** Adds a partner, if it is not there yet. */
  void addPartner(HomeFile file, String name) {
    try (var connection = as("coupon_ops", file.password("coupon_ops"), NAME).getConnection()) {
      var unused = AddPartner.add(connection, name);
    } catch (SQLException e) {
      throw new HomeException("Partner " + name + " cannot be added: " + e.getMessage(), e);
    }
  }

  private DataSource superuser() {
    var login = server.getUserInfo().split(":", 2);
    return as(login[0], login[1], "postgres");
  }

  private DataSource as(String role, String password, String database) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(new String[] {server.getHost()});
    dataSource.setPortNumbers(new int[] {server.getPort()});
    dataSource.setDatabaseName(database);
    dataSource.setUser(role);
    dataSource.setPassword(password);
    dataSource.setApplicationName("infra");
    return dataSource;
  }
}
