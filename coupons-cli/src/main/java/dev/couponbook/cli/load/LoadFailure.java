package dev.couponbook.cli.load;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a load's work last failed, as its job has written it down. */
public final class LoadFailure {
  private static final Pattern OF_POSTGRES = Pattern.compile("(?:ERROR|FATAL|PANIC): .*");

  private LoadFailure() {}

  private static final String LAST =
      """
      SELECT s.exit_message
      FROM batch.batch_step_execution s
      JOIN batch.batch_job_execution_params p USING (job_execution_id)
      WHERE p.parameter_name = 'load' AND p.parameter_value = ? AND s.exit_code = 'FAILED' AND s.exit_message <> ''
      ORDER BY s.last_updated DESC
      LIMIT 1
      """;

  public static Optional<String> last(Home home, int load) {
    return OpsDatabase.ask(home, connection -> last(connection, load));
  }

  /** Its one line: what PostgreSQL said, or the first of what was thrown. */
  static Optional<String> last(Connection connection, int load) throws SQLException {
    try (var select = connection.prepareStatement(LAST)) {
      select.setString(1, Integer.toString(load));
      var row = select.executeQuery();
      return row.next() ? Optional.of(line(row.getString(1))) : Optional.empty();
    }
  }

  private static String line(String message) {
    var postgres = OF_POSTGRES.matcher(message);
    return postgres.find() ? postgres.group() : message.lines().findFirst().orElse("");
  }
}
