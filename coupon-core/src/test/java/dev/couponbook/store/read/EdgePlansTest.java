package dev.couponbook.store.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The edge finds codes by an index: what it sees them through must let its conditions pass. Checked
 * with the plans that its connections end up with, made for any value.
 */
class EdgePlansTest {
  @RegisterExtension static final TestDatabase database = new TestDatabase();

  private static int partner;
  private static String code = "";
  private static UUID book = new UUID(0, 0);

  @BeforeAll
  static void many_codes_of_several_partners() throws SQLException {
    var rows = database.rows();
    for (int i = 0; i < 3; i++) {
      var made = rows.book(rows.partner());
      code = rows.free(made, 2_000).getFirst();
      rows.locked(made, "ann@x");
      partner = made.partner();
      book = made.id();
    }
    try (var connection = database.owner().getConnection();
        var analyze = connection.createStatement()) {
      analyze.execute("ANALYZE coupon, coupon_book, coupon_lock");
    }
  }

  @Test
  void a_code_is_looked_up_by_its_key() throws SQLException {
    assertThat(plan(ReadCodes.FIND, book, partner, code))
        .contains("Index Scan using coupon_pkey on coupon")
        .containsPattern("Index Cond: .*partner_id = ANY .* AND \\(code = ")
        .doesNotContainPattern("Seq Scan on coupon\\b");
  }

  @Test
  void the_codes_of_a_user_are_looked_up_by_book_and_user() throws SQLException {
    assertThat(plan(ReadBooks.HELD, book, partner, "ann@x", "", 100))
        .contains("Index Scan using coupon_of_holder on coupon")
        .containsPattern("Index Cond: .*book_id = .* AND \\(holder = ")
        .doesNotContainPattern("Seq Scan on coupon\\b");
  }

  /** The plan for any values, of what follows the setting of the partners. */
  private static String plan(String asPartners, Object... values) throws SQLException {
    var select = asPartners.substring(asPartners.indexOf(';') + 1);
    for (int i = 1; i <= values.length; i++) {
      select = select.replaceFirst("\\?", "\\$" + i);
    }
    var literals =
        Arrays.stream(values).map(value -> "'" + value + "'").collect(Collectors.joining(", "));
    try (var connection = database.as("coupon_edge").getConnection();
        var statement = connection.createStatement()) {
      statement.execute("SET plan_cache_mode = force_generic_plan");
      statement.execute("PREPARE reading AS " + select);
      var lines = new ArrayList<String>();
      try (var rows =
          statement.executeQuery("EXPLAIN (COSTS OFF) EXECUTE reading(" + literals + ")")) {
        while (rows.next()) {
          lines.add(rows.getString(1));
        }
      }
      statement.execute("DEALLOCATE reading");
      return String.join("\n", lines);
    }
  }
}
