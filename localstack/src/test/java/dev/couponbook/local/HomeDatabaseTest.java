package dev.couponbook.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.util.HashMap;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** What a home makes of a server that has its database already, from a version before. */
class HomeDatabaseTest {
  @RegisterExtension final TestDatabase server = new TestDatabase();

  @BeforeEach
  @AfterEach
  void drop() throws SQLException {
    execute("DROP DATABASE IF EXISTS couponbook WITH (FORCE)");
    execute("ALTER ROLE coupon_owner CREATEDB NOBYPASSRLS");
    execute("ALTER ROLE coupon_ingest NOBYPASSRLS");
  }

  private void execute(String sql) throws SQLException {
    try (var connection = server.superuser().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** As the version before left it: the owner had BYPASSRLS, and not CREATEDB. */
  private void makeFormerHome() throws SQLException {
    execute("ALTER ROLE coupon_owner NOCREATEDB BYPASSRLS");
    execute("CREATE DATABASE couponbook OWNER coupon_owner");
    var owner = new PGSimpleDataSource();
    owner.setPortNumbers(new int[] {server.port()});
    owner.setDatabaseName("couponbook");
    owner.setUser("coupon_owner");
    owner.setPassword(server.password());
    Flyway.configure().dataSource(owner).target("14").load().migrate();
  }

  private HomeFile file() {
    var passwords = new HashMap<String, String>();
    passwords.put(HomeFile.OWNER, server.password());
    HomeFile.PROGRAM_ROLES.forEach(role -> passwords.put(role, server.password()));
    var database =
        "postgresql://postgres:%s@127.0.0.1:%d".formatted(server.password(), server.port());
    return new HomeFile(
        1, HomeKind.LOCALSTACK, "", database, "eu-central-1", "key", "secret", "key", passwords);
  }

  private static final String OWNERS_RIGHTS =
      """
      SELECT concat_ws(' ', CASE WHEN rolsuper THEN 'SUPERUSER' END,
                            CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
                            CASE WHEN rolcreatedb THEN 'CREATEDB' END,
                            CASE WHEN rolcreaterole THEN 'CREATEROLE' END)
      FROM pg_roles
      WHERE rolname = 'coupon_owner'
      """;
  private static final String BYPASSING =
      "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolbypassrls";

  @Test
  void a_home_of_the_version_before_goes_on_and_no_role_bypasses_row_level_security()
      throws SQLException {
    makeFormerHome();
    assertThat(server.text(BYPASSING)).isEqualTo("coupon_ingest coupon_owner postgres");
    HomeDatabase.of(file()).prepare(file());
    assertThat(server.text(BYPASSING)).isEqualTo("postgres");
    assertThat(server.text(OWNERS_RIGHTS)).isEqualTo("CREATEDB CREATEROLE");
    // The next start finds nothing to do.
    HomeDatabase.of(file()).prepare(file());
  }
}
