package dev.couponbook.ingest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.schema.Schema;
import dev.couponbook.schema.WrongSchemaException;
import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OlderSchemaTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  @Test
  void program_does_not_start_on_an_older_schema() throws SQLException {
    try (var connection = database.owner().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "DELETE FROM flyway_schema_history WHERE version = '" + Schema.VERSION + "'");
    }
    var settings =
        Map.of("COUPON_DB_URL", database.url(), "COUPON_DB_PASSWORD", database.password());
    assertThatThrownBy(() -> Ingest.start(settings)).isInstanceOf(WrongSchemaException.class);
  }
}
