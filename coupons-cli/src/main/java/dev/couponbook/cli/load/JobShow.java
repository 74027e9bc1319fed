package dev.couponbook.cli.load;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.Columns;
import dev.couponbook.cli.terminal.Durations;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.load.LoadOrders.Action;
import dev.couponbook.store.read.LoadState;
import dev.couponbook.store.read.ReadJobs;
import dev.couponbook.store.read.ReadJobs.Order;
import dev.couponbook.store.read.ReadJobs.Part;
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
                  JobReport.of(connection, job),
                  FileNotes.of(job.understood(), ReadJobs.warnings(connection, job.number())),
                  ReadJobs.parts(connection, job.number()),
                  ReadJobs.orders(connection, job.number()),
                  ReadJobs.executions(connection, job.number()),
                  ReadJobs.lastFailure(connection, job.number()));
          if (options.json) {
            shown.printJson();
          } else {
            shown.print();
          }
          return ExitCode.DONE;
        });
  }

  private static Map<String, Object> json(Part part) {
    var json = new LinkedHashMap<String, Object>();
    json.put("part", part.number());
    json.put("from", part.from());
    json.put("to", part.to());
    json.put("position", part.position());
    json.put("percent", part.percent());
    json.put("read", part.read());
    json.put("silentSeconds", part.silentSeconds());
    return json;
  }

  private static String line(Part part) {
    return String.format(
        Locale.ROOT,
        "part %d: %.1f %%, %,d rows read, last chunk %.0f s ago",
        part.number(),
        part.percent(),
        part.read(),
        part.silentSeconds());
  }

  private static Map<String, Object> json(Order order) {
    var json = new LinkedHashMap<String, Object>();
    json.put("action", order.action());
    json.put("who", order.who());
    json.put("why", order.why());
    json.put("orderedAt", order.ordered().toString());
    json.put("done", order.done());
    if (order.refusal() != null) {
      json.put("refusal", order.refusal());
    }
    return json;
  }

  private static String line(Order order) {
    var end = order.done() ? "done" : "not carried out yet";
    return "%s by %s at %s (%s): %s"
        .formatted(
            order.action(),
            order.who(),
            Columns.minute(order.ordered()),
            order.refusal() == null ? end : "refused: " + order.refusal(),
            order.why());
  }

  /**
   * A job as it is shown.
   *
   * @param failure why its work last failed; most failures are of a moment, and it goes on by
   *     itself
   */
  private record Shown(
      JobReport report,
      FileNotes file,
      List<Part> parts,
      List<Order> orders,
      int executions,
      Optional<String> failure) {
    /** The part that the load will wait for: begun, not done, and silent the longest. */
    private Optional<Part> straggler() {
      return report.load().isOver()
          ? Optional.empty()
          : parts.stream()
              .filter(part -> part.isBegun() && !part.isDone())
              .max((one, other) -> Double.compare(one.silentSeconds(), other.silentSeconds()));
    }

    void printJson() {
      var answer = new LinkedHashMap<>(report.json());
      answer.putAll(file.json());
      answer.put("executions", executions);
      failure.ifPresent(line -> answer.put("lastFailure", line));
      answer.put("parts", parts.stream().map(JobShow::json).toList());
      straggler().ifPresent(part -> answer.put("straggler", part.number()));
      answer.put("orders", orders.stream().map(JobShow::json).toList());
      Answer.json(answer);
    }

    // Who stopped it, if it is stopped.
    private Optional<Order> stop() {
      return report.job().progress().state() == LoadState.STOPPED
          ? orders.reversed().stream()
              .filter(order ->
                  order.action().equals(Action.STOP.sql())
                      && order.done()
                      && order.refusal() == null)
              .findFirst()
          : Optional.empty();
    }

    void print() {
      var job = report.job();
      long done = parts.stream().filter(Part::isDone).count();
      long begun = parts.stream().filter(part -> part.isBegun() && !part.isDone()).count();
      System.out.printf(
          """
          job        %s
          partner    %s
          book       %s
          kind       %s
          file       %s
          asked at   %s
          ran for    %s
          executions %d
          state      %s
          parts      %d: %d done, %d begun, %d %s
          """,
          job.id(),
          job.partner(),
          job.book(),
          job.kind(),
          job.fileName() == null ? "-" : job.fileName(),
          job.created(),
          Durations.text(job.elapsed()),
          executions,
          report.load().line(),
          parts.size(),
          done,
          begun,
          parts.size() - done - begun,
          stop().isPresent() ? "not begun" : "waiting");
      stop()
          .ifPresent(order ->
              System.out.printf(
                  "stopped    by order of %s: %s; ./coupons jobs restart goes on with it%n",
                  order.who(), order.why()));
      file.lines().forEach(line -> System.out.println("file       " + line));
      failure.ifPresent(line -> System.out.println("failed by  " + line + " (the last time)"));
      straggler().ifPresent(part -> System.out.println("straggler  " + line(part)));
      for (var part : parts) {
        System.out.println("           " + line(part));
      }
      for (var order : orders) {
        System.out.println("order      " + line(order));
      }
    }
  }
}
