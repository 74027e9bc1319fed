package dev.couponbook.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.store.tidy.CreateDatabase;
import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** The steps of the schema, as homes and managed databases take them. */
class MigrationsTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private static final String CHECKSUMS =
      """
      SELECT string_agg(version || ' ' || checksum, E'\\n' ORDER BY installed_rank)
      FROM flyway_schema_history
      """;

  // Homes have them in their history, and start with no other. A new migration adds its line.
  @Test
  void a_migration_that_is_on_main_keeps_its_checksum() {
    assertThat(database.text(CHECKSUMS))
        .isEqualTo(
            """
            1 -1594783376
            2 1454373873
            3 -308995425
            4 -647672897
            5 1775333265
            6 758567105
            7 -1188792458
            8 505953156
            9 -159510324
            10 -1668329823
            11 672290161
            12 -133291984
            13 516214634
            14 -1685756991
            15 -1606284798
            16 897249499
            17 -1589051426
            18 -879038091
            19 -819680363
            20 -1606672238
            30 928962941
            31 467934364
            32 -438836672\
            """);
  }

  /** A database as the version before V30 made it: its owner has BYPASSRLS, and gave it on. */
  @Test
  void a_home_made_before_goes_on_and_nobody_can_do_more_than_before() throws Exception {
    execute(database.superuser(), "DROP DATABASE IF EXISTS former");
    execute(database.superuser(), "ALTER ROLE coupon_owner BYPASSRLS");
    execute(database.superuser(), "CREATE DATABASE former OWNER coupon_owner");
    try {
      Flyway.configure()
          .dataSource(former("coupon_owner"))
          .locations("classpath:db/migration")
          .target("20")
          .load()
          .migrate();
      execute(database.superuser(), "ALTER ROLE coupon_edge RESET ALL");
      assertThat(rolesThatBypass()).contains("coupon_ingest");
      var before = rights();
      assertThat(Schema.migrate(former("coupon_owner"))).isPositive();
      try (var superuser = database.superuser().getConnection()) {
        CreateDatabase.boundOwner(superuser);
      }
      assertThat(rolesThatBypass()).isEqualTo("postgres");
      var more = new HashSet<>(rights());
      more.removeAll(before);
      assertThat(more)
          .allSatisfy(right ->
              assertThat(right)
                  .matches(
                      "schema edge coupon_edge: USAGE"
                          + "|edge\\.coupon coupon_edge: SELECT"
                          + "|edge\\.coupon is a security barrier"
                          + "|\\w+ policy ingest_rows for ALL to coupon_ingest: true"
                          + "|role coupon_\\w+ has .*"
                          + "|schema_state coupon_\\w+: SELECT"));
      assertThat(database.text(RightsTest.RIGHTS).lines())
          .containsExactlyInAnyOrderElementsOf(rights());
    } finally {
      execute(database.superuser(), "ALTER ROLE coupon_owner NOBYPASSRLS");
      execute(database.superuser(), "ALTER ROLE coupon_ingest NOBYPASSRLS");
      execute(database.superuser(), "DROP DATABASE former WITH (FORCE)");
    }
  }

  private String rolesThatBypass() {
    return database.text(
        "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolbypassrls");
  }

  private Set<String> rights() throws SQLException {
    try (var connection = former("postgres").getConnection();
        var select = connection.createStatement();
        var rows = select.executeQuery(RightsTest.RIGHTS)) {
      rows.next();
      return Set.copyOf(List.of(rows.getString(1).split("\n")));
    }
  }

  private DataSource former(String role) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setUrl(database.url().replaceFirst("/test_[0-9]+", "/former"));
    dataSource.setUser(role);
    dataSource.setPassword(database.password());
    return dataSource;
  }

  private static void execute(DataSource dataSource, String sql) throws SQLException {
    try (var connection = dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
