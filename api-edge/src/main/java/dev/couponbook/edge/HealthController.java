package dev.couponbook.edge;

import dev.couponbook.edge.queue.CommandSender;
import dev.couponbook.edge.route.AnyAccept;
import dev.couponbook.edge.security.OpenToAll;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.ArrayList;
import java.util.List;

/** Whether the edge runs, and whether it can do its work. */
@Controller("/health")
@OpenToAll
@AnyAccept // load balancers look at the status alone
@ExecuteOn(TaskExecutors.VIRTUAL)
final class HealthController {
  private final Transactions transactions;
  private final CommandSender sender;

  HealthController(Transactions transactions, CommandSender sender) {
    this.transactions = transactions;
    this.sender = sender;
  }

  /** Whether the program answers. */
  record Liveness(String status) {}

  /** Whether the program can work, and what it lacks if it cannot. */
  record Readiness(String status, List<String> missing) {}

  /** The program runs. */
  @Get("/liveness")
  Liveness liveness() {
    return new Liveness("up");
  }

  /** All parts answer that a request needs; otherwise 503, naming those that do not. */
  @Get("/readiness")
  HttpResponse<Readiness> readiness() {
    var missing = new ArrayList<String>();
    if (!isDatabaseThere()) {
      missing.add("database");
    }
    if (!sender.isAlive()) {
      missing.add("commands queue");
    }
    return missing.isEmpty()
        ? HttpResponse.ok(new Readiness("ready", missing))
        : HttpResponse.<Readiness>status(HttpStatus.SERVICE_UNAVAILABLE)
            .body(new Readiness("not_ready", missing));
  }

  private boolean isDatabaseThere() {
    try {
      return transactions.inTransaction(c -> c.isValid(1));
    } catch (DatabaseException e) {
      return false;
    }
  }
}
