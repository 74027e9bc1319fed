package dev.couponbook.edge.request;

import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.body.RawJson;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.id.RequestIds.Given;
import dev.couponbook.edge.limit.GuessLimits;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.route.PublicBase;
import dev.couponbook.json.Json;
import dev.couponbook.store.read.ReadLoads.Load;
import dev.couponbook.store.read.ReadRequests.Finished;
import dev.couponbook.store.read.ReadRequests.Known;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** How a request is answered: while it is on its way, and when it has its outcome. */
@Singleton
public final class RequestAnswers {
  private static final MediaType PROBLEM_JSON = MediaType.of("application/problem+json");
  // The outcome of create_book; Location is the request's.
  private static final Pattern NEW_BOOK =
      Pattern.compile("\\{\\s*\"bookId\"\\s*:\\s*\"([0-9a-f-]{36})\"\\s*}");
  static final String REPLAYED = "Idempotent-Replayed";
  // SQS keeps a message for 14 days at most, and as long again in the queue of dead letters.
  private static final Duration LONGEST_QUEUED = Duration.ofDays(28);
  private static final ProblemException EXPIRED =
      new ProblemException(
          Problem.of(
              ProblemCode.REQUEST_EXPIRED,
              "This request had its answer, which is no longer kept. Its effects stand: look up the"
                  + " book or the code"),
          Map.of());

  private final RequestIds ids;
  private final GuessLimits guesses;
  private final PublicBase base;

  RequestAnswers(RequestIds ids, GuessLimits guesses, PublicBase base) {
    this.ids = ids;
    this.guesses = guesses;
    this.base = base;
  }

  /** 202: the command is in its queue. */
  MutableHttpResponse<RequestState> kept(PartnerId partner, RequestId id, Fingerprint fingerprint) {
    return accepted(partner, id, fingerprint, RequestStatus.QUEUED);
  }

  /** The outcome as the answer: its own status and body. */
  MutableHttpResponse<?> outcome(Finished finished) {
    guesses.settle(finished);
    MutableHttpResponse<RawJson> response = HttpResponse.status(finished.status(), null);
    var book = NEW_BOOK.matcher(finished.body());
    if (book.matches()) {
      response.header("Content-Location", base.link("/coupons/" + book.group(1)));
    }
    return response
        .body(body(finished))
        .contentType(finished.status() < 400 ? MediaType.APPLICATION_JSON_TYPE : PROBLEM_JSON)
        .header(HttpHeaders.LOCATION, path(finished))
        .header("Preference-Applied", "wait");
  }

  /** The same answer again, to a request that was sent again and has its outcome. */
  MutableHttpResponse<?> replayed(Asked asked, Finished finished) {
    MutableHttpResponse<?> response =
        asked.patience().isPresent()
            ? outcome(finished)
            : accepted(
                finished.partner(),
                finished.id(),
                finished.fingerprint(),
                RequestStatus.ofOutcome(finished));
    return response.header(REPLAYED, "true");
  }

  private MutableHttpResponse<RequestState> accepted(
      PartnerId partner, RequestId id, Fingerprint fingerprint, RequestStatus status) {
    var text = ids.text(partner, id, fingerprint);
    return PollPause.tell(
        PollPause.of(id, Instant.now()),
        HttpResponse.accepted()
            .body(new RequestState(text, status, null, null))
            .header(HttpHeaders.LOCATION, path(text)));
  }

  /**
   * The state of a request that is asked about.
   *
   * @param text its id, as the partner has it
   * @throws ProblemException 422, if its key was used for another request at the same time and that
   *     one came first; 410, if its answer is no longer kept
   */
  MutableHttpResponse<RequestState> state(
      String text, Given asked, Known known, Optional<Load> load) {
    var finished = known.finished();
    var progress = load.map(LoadProgress::of).orElse(null);
    if (finished != null) {
      if (!asked.standsFor(finished.fingerprint())) {
        throw AcceptedKeys.reused();
      }
      guesses.settle(finished);
      return HttpResponse.ok(
          new RequestState(
              text,
              RequestStatus.ofOutcome(finished),
              new RequestOutcome(finished.status(), body(finished)),
              progress));
    }
    if (load.isPresent()) {
      return of(
          load.get(), new RequestState(text, RequestStatus.ofLoad(load.get()), null, progress));
    }
    var now = Instant.now();
    if (known.forgotten() || isTooOldToBeQueued(asked.id(), now)) {
      throw EXPIRED;
    }
    return PollPause.tell(
        PollPause.of(asked.id(), now),
        HttpResponse.ok(new RequestState(text, RequestStatus.QUEUED, null, null)));
  }

  // What a load made is known for as long as its codes are, so also when its answer is forgotten.
  private static MutableHttpResponse<RequestState> of(Load load, RequestState state) {
    var answer = HttpResponse.ok(state);
    return load.progress().state().isFinal() ? answer : PollPause.tell(PollPause.of(load), answer);
  }

  private static boolean isTooOldToBeQueued(RequestId id, Instant now) {
    return id.madeAt().filter(made -> made.plus(LONGEST_QUEUED).isBefore(now)).isPresent();
  }

  private String path(Finished finished) {
    return path(ids.text(finished.partner(), finished.id(), finished.fingerprint()));
  }

  private String path(String text) {
    return base.link("/requests/" + text);
  }

  // Links are added here: the workers, which write outcomes, know nothing of paths and tags.
  private RawJson body(Finished finished) {
    if (finished.codesKey() == null
        || !(Json.mapper().readTree(finished.body()) instanceof ObjectNode body)) {
      return new RawJson(finished.body());
    }
    body.putObject("links").put("codes", path(finished) + "/codes");
    return new RawJson(Json.mapper().writeValueAsString(body));
  }
}
