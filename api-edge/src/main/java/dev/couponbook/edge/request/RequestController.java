package dev.couponbook.edge.request;

import dev.couponbook.coupon.LoadId;
import dev.couponbook.edge.file.FileLinks;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.id.RequestIds.Given;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.route.AnyAccept;
import dev.couponbook.edge.security.Caller;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.LoadState;
import dev.couponbook.store.read.ReadLoads;
import dev.couponbook.store.read.ReadLoads.Load;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Map;
import java.util.Optional;

/** What became of a command. */
@Controller("/requests")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class RequestController {
  private static final ProblemException CODES_UNDONE =
      new ProblemException(
          Problem.of(
              ProblemCode.CODES_UNDONE,
              "The codes of this job were taken back: those that nobody held are gone"),
          Map.of());

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
    var asked = ids.verify(partner, requestId).orElseThrow(ProblemException::notFound);
    var known = requests.find(partner, asked.id());
    Optional<Load> load =
        known.loads()
            ? transactions.inTransaction(c -> ReadLoads.find(c, partner, load(asked)))
            : Optional.empty();
    return EntityTag.conditional(request, answers.state(requestId, asked, known, load));
  }

  /** The codes that a job made, as CSV: answered by a redirect to where they can be fetched. */
  @Get("/{requestId}/codes")
  @AnyAccept
  @NeedsToken(Scope.READ)
  HttpResponse<?> requestCodes(HttpRequest<?> request, String requestId) {
    var partner = Caller.of(request).partner();
    var load =
        ids.verify(partner, requestId)
            .flatMap(
                asked -> transactions.inTransaction(c -> ReadLoads.find(c, partner, load(asked))))
            .orElseThrow(ProblemException::notFound);
    if (load.progress().state() == LoadState.UNDONE) {
      throw CODES_UNDONE;
    }
    return Optional.ofNullable(load.codesKey())
        .map(files::redirect)
        .orElseThrow(ProblemException::notFound);
  }

  // A job has the id of the request that asked for it.
  private static LoadId load(Given asked) {
    return new LoadId(asked.id().value());
  }
}
