package dev.couponbook.cli.load;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.Durations;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.read.ReadJobs.Job;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows one job with its parts.")
final class JobShow implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(paramLabel = "ID", description = "The id of the upload or of the request.")
  String id = "";

  @Override
  public Integer call() {
    return OpsDatabase.ask(
        options.home(),
        connection -> {
          var job = FindJob.by(connection, id);
          var shown =
              new Shown(
                  job,
                  parts(connection, job),
                  orders(connection, job),
                  executions(connection, job),
                  LoadFailure.last(connection, job.number()));
          if (options.json) {
            shown.printJson();
          } else {
            shown.print();
          }
          return ExitCode.DONE;
        });
  }

  /**
   * A range of bytes of a file, or of counters of a generation.
   *
   * @param silentSeconds since its last chunk
   */
  private record Part(
      int number, long from, long to, long position, long read, double silentSeconds) {
    double percent() {
      return to == from ? 100 : 100.0 * (position - from) / (to - from);
    }

    boolean isDone() {
      return position >= to;
    }

    boolean isBegun() {
      return position > from;
    }

    Map<String, Object> json() {
      var json = new LinkedHashMap<String, Object>();
      json.put("part", number);
      json.put("from", from);
      json.put("to", to);
      json.put("position", position);
      json.put("percent", percent());
      json.put("read", read);
      json.put("silentSeconds", silentSeconds);
      return json;
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "part %d: %.1f %%, %,d rows read, last chunk %.0f s ago",
          number,
          percent(),
          read,
          silentSeconds);
    }
  }

  private static final String PARTS =
      """
      SELECT part, range_from, range_to, position, rows_read,
             extract(epoch FROM coupon_clock() - updated_at) AS silent
      FROM code_load_part
      WHERE load_id = ?
      ORDER BY part
      """;

  private static List<Part> parts(Connection connection, Job job) throws SQLException {
    try (var statement = connection.prepareStatement(PARTS)) {
      statement.setInt(1, job.number());
      var row = statement.executeQuery();
      var parts = new ArrayList<Part>();
      while (row.next()) {
        parts.add(
            new Part(
                row.getInt("part"),
                row.getLong("range_from"),
                row.getLong("range_to"),
                row.getLong("position"),
                row.getLong("rows_read"),
                row.getDouble("silent")));
      }
      return parts;
    }
  }

  private static final String ORDERS =
      """
      SELECT action, who, why, ordered_at, done_at, refusal
      FROM load_order
      WHERE load_id = ?
      ORDER BY id
      """;

  private static List<Map<String, Object>> orders(Connection connection, Job job)
      throws SQLException {
    try (var statement = connection.prepareStatement(ORDERS)) {
      statement.setInt(1, job.number());
      var rows = statement.executeQuery();
      var orders = new ArrayList<Map<String, Object>>();
      while (rows.next()) {
        var order = new LinkedHashMap<String, Object>();
        order.put("action", rows.getString("action"));
        order.put("who", rows.getString("who"));
        order.put("why", rows.getString("why"));
        order.put("orderedAt", rows.getTimestamp("ordered_at").toInstant().toString());
        order.put("done", rows.getTimestamp("done_at") != null);
        var refusal = rows.getString("refusal");
        if (refusal != null) {
          order.put("refusal", refusal);
        }
        orders.add(order);
      }
      return orders;
    }
  }

  private static final String EXECUTIONS =
      """
      SELECT count(DISTINCT job_execution_id)
      FROM batch.batch_job_execution_params
      WHERE parameter_name = 'load' AND parameter_value = ?
      """;

  /** How often it was begun: once, and once more for each restart and each leader that died. */
  private static int executions(Connection connection, Job job) throws SQLException {
    try (var statement = connection.prepareStatement(EXECUTIONS)) {
      statement.setString(1, Integer.toString(job.number()));
      var row = statement.executeQuery();
      row.next();
      return row.getInt(1);
    }
  }

  /**
   * A job as it is shown.
   *
   * @param failure why its work last failed; most failures are of a moment, and it goes on by
   *     itself
   */
  private record Shown(
      Job job,
      List<Part> parts,
      List<Map<String, Object>> orders,
      int executions,
      Optional<String> failure) {
    /** The part that the load will wait for: begun, not done, and silent the longest. */
    private Optional<Part> straggler() {
      return LoadReport.of(job).isOver()
          ? Optional.empty()
          : parts.stream()
              .filter(part -> part.isBegun() && !part.isDone())
              .max((one, other) -> Double.compare(one.silentSeconds(), other.silentSeconds()));
    }

    void printJson() {
      var answer = new LinkedHashMap<>(new JobReport(job).json());
      answer.put("executions", executions);
      failure.ifPresent(line -> answer.put("lastFailure", line));
      answer.put("parts", parts.stream().map(Part::json).toList());
      straggler().ifPresent(part -> answer.put("straggler", part.number()));
      answer.put("orders", orders);
      Answer.json(answer);
    }

    void print() {
      long done = parts.stream().filter(Part::isDone).count();
      long begun = parts.stream().filter(part -> part.isBegun() && !part.isDone()).count();
      System.out.printf(
          """
          job        %s
          partner    %s
          kind       %s
          file       %s
          asked at   %s
          ran for    %s
          executions %d
          state      %s
          parts      %d: %d done, %d begun, %d waiting
          """,
          job.id(),
          job.partner(),
          job.kind(),
          job.fileName() == null ? "-" : job.fileName(),
          job.created(),
          Durations.text(job.elapsed()),
          executions,
          LoadReport.of(job).line(),
          parts.size(),
          done,
          begun,
          parts.size() - done - begun);
      failure.ifPresent(line -> System.out.println("failed by  " + line + " (the last time)"));
      straggler().ifPresent(part -> System.out.println("straggler  " + part.line()));
      for (var part : parts) {
        System.out.println("           " + part.line());
      }
      for (var order : orders) {
        System.out.println("order      " + order);
      }
    }
  }
}
