package dev.couponbook.cli.load;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.load.RejectedRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rejects",
    description = {
      "Shows the first rejected rows of an import, and how many there are for each reason.",
      "The partner gets all of them as a CSV, by the link of the upload."
    })
final class JobRejects implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(paramLabel = "ID", description = "The id of the upload.")
  String id = "";

  @Option(
      names = "-n",
      paramLabel = "COUNT",
      defaultValue = "20",
      description = "How many rows (default ${DEFAULT-VALUE}).")
  int count = 20;

  // A part counts its lines from 0; those of the parts before it are known when they are done.
  private static final String ROWS =
      """
      SELECT r.line + 1 + coalesce((
               SELECT sum(p.lines) FROM code_load_part p WHERE p.load_id = r.load_id AND p.part < r.part), 0) AS line,
             r.byte_offset, r.reason, left(r.raw, 200) AS row
      FROM code_reject r
      WHERE r.load_id = ?
      ORDER BY r.part, r.line
      LIMIT ?
      """;

  @Override
  public Integer call() {
    return OpsDatabase.ask(
        options.home(),
        connection -> {
          int load = FindJob.by(connection, id).number();
          var byReason = RejectedRows.byReason(connection, load);
          if (options.json) {
            Answer.json(Map.of("rejectsByReason", byReason));
          } else {
            byReason.forEach((reason, rows) -> System.out.printf("%,12d  %s%n", rows, reason));
            printRows(connection, load);
          }
          return ExitCode.DONE;
        });
  }

  private void printRows(Connection connection, int load) throws SQLException {
    try (var statement = connection.prepareStatement(ROWS)) {
      statement.setInt(1, load);
      statement.setInt(2, count);
      var row = statement.executeQuery();
      while (row.next()) {
        System.out.printf(
            "line %,d, byte %,d, %s: %s%n",
            row.getLong("line"),
            row.getLong("byte_offset"),
            row.getString("reason"),
            printable(row.getString("row")));
      }
    }
  }

  // A partner's bytes must not steer an operator's terminal.
  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
