package dev.couponbook.edge.request;

import dev.couponbook.coupon.LoadId;
import dev.couponbook.edge.file.FileLinks;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.security.Caller;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadLoads;
import dev.couponbook.store.read.ReadLoads.Load;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Optional;

/** What became of a command. */
@Controller("/requests")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class RequestController {
  private final KnownRequests requests;
  private final Transactions transactions;
  private final RequestIds ids;
  private final RequestAnswers answers;
  private final FileLinks files;

  RequestController(
      KnownRequests requests,
      Transactions transactions,
      RequestIds ids,
      RequestAnswers answers,
      FileLinks files) {
    this.requests = requests;
    this.transactions = transactions;
    this.ids = ids;
    this.answers = answers;
    this.files = files;
  }

  /** How far a request is, and its outcome once it has one. */
  @Get("/{requestId}")
  @NeedsToken(Scope.READ)
  HttpResponse<RequestState> requestState(HttpRequest<?> request, String requestId) {
    var partner = Caller.of(request).partner();
    var id = ids.verify(partner, requestId).orElseThrow(ProblemException::notFound);
    var known = requests.find(partner, id);
    Optional<Load> load =
        known.loads()
            ? transactions.inTransaction(c -> ReadLoads.find(c, partner, new LoadId(id.value())))
            : Optional.empty();
    return EntityTag.conditional(request, answers.state(partner, id, known, load));
  }

  /** The codes that a job made, as CSV: answered by a redirect to where they can be fetched. */
  @Get("/{requestId}/codes")
  @NeedsToken(Scope.READ)
  HttpResponse<?> requestCodes(HttpRequest<?> request, String requestId) {
    var partner = Caller.of(request).partner();
    return ids.verify(partner, requestId)
        .flatMap(id ->
            transactions.inTransaction(c -> ReadLoads.find(c, partner, new LoadId(id.value()))))
        .flatMap(load -> Optional.ofNullable(load.codesKey()))
        .map(files::redirect)
        .orElseThrow(ProblemException::notFound);
  }
}
