package dev.couponbook.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Who may do what, as PostgreSQL's catalog has it. A change of a right is a change of {@code
 * golden/rights.txt}, where a reviewer sees it.
 */
class RightsTest {
  @RegisterExtension static final TestDatabase database = new TestDatabase();

  private static final String ROLES =
      """
      SELECT string_agg(concat_ws(' ', rolname, bypassing, super, makes_roles, makes_databases, replicates),
                        E'\\n' ORDER BY rolname)
      FROM (
        SELECT rolname,
               CASE WHEN rolbypassrls THEN 'BYPASSRLS' END AS bypassing,
               CASE WHEN rolsuper THEN 'SUPERUSER' END AS super,
               CASE WHEN rolcreaterole THEN 'CREATEROLE' END AS makes_roles,
               CASE WHEN rolcreatedb THEN 'CREATEDB' END AS makes_databases,
               CASE WHEN rolreplication THEN 'REPLICATION' END AS replicates
        FROM pg_roles
        WHERE rolname LIKE 'coupon\\_%') r
      """;

  @Test
  void no_role_has_more_than_a_managed_database_can_give() {
    assertThat(database.text(ROLES))
        .isEqualTo(
            """
            coupon_edge
            coupon_ingest
            coupon_ops
            coupon_owner CREATEROLE CREATEDB
            coupon_sweep
            coupon_worker\
            """);
  }

  private static final String MEMBERSHIPS =
      """
      SELECT count(*)
      FROM pg_auth_members
      WHERE member::regrole::text LIKE 'coupon\\_%'
        AND (inherit_option OR set_option)
      """;

  @Test
  void no_role_acts_as_another() {
    assertThat(database.number(MEMBERSHIPS)).isZero();
    assertThat(database.number("SELECT count(*) FROM pg_proc WHERE prosecdef")).isZero();
  }

  /**
   * Grants on tables, views and sequences, guards (row-level security, barriers, policies), and the
   * settings of roles.
   */
  static final String RIGHTS =
      """
      WITH relation AS (
        SELECT c.oid, c.oid::regclass::text AS name, c.relacl, c.relrowsecurity, c.reloptions, c.relowner
        FROM pg_class c
        WHERE c.relnamespace::regnamespace::text IN ('public', 'edge', 'batch')
          AND c.relname NOT IN ('test_clock', 'flyway_schema_history')
      ), granted AS (
        SELECT r.name, g.grantee, g.privilege_type AS what
        FROM relation r, aclexplode(r.relacl) g
        WHERE g.grantee <> r.relowner
        UNION ALL
        SELECT r.name, g.grantee,
               format('%s (%s)', g.privilege_type, string_agg(a.attname, ', ' ORDER BY a.attname))
        FROM relation r
        JOIN pg_attribute a ON a.attrelid = r.oid, aclexplode(a.attacl) g
        GROUP BY r.name, g.grantee, g.privilege_type
      ), line AS (
        SELECT format('%s %s: %s', name,
                      CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
                      string_agg(what, ', ' ORDER BY what)) AS text
        FROM granted
        GROUP BY name, grantee
        UNION ALL
        SELECT format('schema %s %s: %s', n.nspname, g.grantee::regrole,
                      string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type))
        FROM pg_namespace n, aclexplode(n.nspacl) g
        WHERE g.grantee::regrole::text LIKE 'coupon\\_%' AND g.grantee <> n.nspowner
        GROUP BY n.nspname, g.grantee
        UNION ALL
        SELECT format('%s is a security barrier', name)
        FROM relation
        WHERE 'security_barrier=true' = ANY (reloptions)
        UNION ALL
        SELECT format('%s has row-level security', name)
        FROM relation
        WHERE relrowsecurity
        UNION ALL
        SELECT format('%s policy %s for %s to %s: %s', p.tablename, p.policyname, p.cmd,
                      array_to_string(p.roles, ', '), regexp_replace(p.qual, '\\s+', ' ', 'g'))
        FROM pg_policies p
        UNION ALL
        SELECT format('role %s has %s', s.setrole::regrole, unnest(s.setconfig))
        FROM pg_db_role_setting s
        WHERE s.setdatabase = 0 AND s.setrole::regrole::text LIKE 'coupon\\_%'
      )
      SELECT string_agg(text, E'\\n' ORDER BY text COLLATE "C")
      FROM line
      """;

  @Test
  void rights_are_those_of_the_list() throws IOException {
    assertThat(List.of(database.text(RIGHTS).split("\n"))).containsExactlyElementsOf(golden());
  }

  static List<String> golden() throws IOException {
    try (var file = RightsTest.class.getResourceAsStream("/golden/rights.txt")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    }
  }
}
