package dev.couponbook.cli.load;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Pause;
import dev.couponbook.cli.terminal.Reason;
import dev.couponbook.store.load.LoadOrders;
import dev.couponbook.store.load.LoadOrders.Action;
import dev.couponbook.store.load.LoadOrders.Done;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * An operator's order for a job: recorded with who and why, and carried out by an ingest process.
 */
abstract class JobOrder implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 200;

  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(paramLabel = "ID", description = "The id of the upload or of the request.")
  String id = "";

  @Mixin Reason reason = new Reason();

  private final Action action;

  private JobOrder(Action action) {
    this.action = action;
  }

  @Command(name = "stop", description = "Stops a job at its next chunk, until it is restarted.")
  static final class Stop extends JobOrder {
    Stop() {
      super(Action.STOP);
    }
  }

  @Command(
      name = "restart",
      description = {
        "Continues a stopped job where it stands,",
        "or a failed import, if everything that it loaded is still there."
      })
  static final class Restart extends JobOrder {
    Restart() {
      super(Action.RESTART);
    }
  }

  @Command(
      name = "recover",
      description = {
        "Continues a job with a new execution when the records of the old one prevent it.",
        "A job whose process died needs no help: another process takes it over."
      })
  static final class Recover extends JobOrder {
    Recover() {
      super(Action.RECOVER);
    }
  }

  @Command(
      name = "abandon",
      description = "Gives up a job: it fails at its next chunk. The codes that it loaded stay.")
  static final class Abandon extends JobOrder {
    Abandon() {
      super(Action.ABANDON);
    }
  }

  @Override
  public Integer call() {
    var who = reason.who();
    var why = reason.why();
    var home = options.home();
    var done =
        OpsDatabase.ask(
            home,
            connection -> {
              var job = FindJob.by(connection, id);
              return await(connection, LoadOrders.add(connection, job.number(), action, who, why));
            });
    report(done);
    return done.refusal() == null ? ExitCode.DONE : ExitCode.REFUSED;
  }

  private Done await(Connection connection, long order) throws SQLException {
    var deadline = Instant.now().plus(PATIENCE);
    while (true) {
      var done = LoadOrders.outcome(connection, order);
      if (done.isPresent()) {
        return done.get();
      }
      if (Instant.now().isAfter(deadline)) {
        throw new CommandFailure(
            ExitCode.WAIT_TIMED_OUT,
            "No ingest process has carried out order "
                + order
                + " within "
                + PATIENCE.toSeconds()
                + " s; the next one to run will do so.");
      }
      Pause.millis(POLL_MILLIS);
    }
  }

  private void report(Done done) {
    if (options.json) {
      var answer = new LinkedHashMap<String, Object>();
      answer.put("id", FindJob.uuid(id).toString());
      answer.put("action", action.sql());
      answer.put("done", done.refusal() == null);
      if (done.refusal() != null) {
        answer.put("refusal", done.refusal());
      }
      Answer.json(answer);
    } else if (done.refusal() == null) {
      System.out.println(action.sql() + ": done");
    } else {
      System.err.println("Cannot " + action.sql() + " this job: " + done.refusal() + ".");
    }
  }
}
