package dev.couponbook.edge.request;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.body.RawJson;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.limit.GuessLimits;
import dev.couponbook.json.Json;
import dev.couponbook.store.read.LoadState;
import dev.couponbook.store.read.ReadLoads.Load;
import dev.couponbook.store.read.ReadRequests.Finished;
import dev.couponbook.store.read.ReadRequests.Known;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.time.Instant;
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

  private final RequestIds ids;
  private final GuessLimits guesses;

  RequestAnswers(RequestIds ids, GuessLimits guesses) {
    this.ids = ids;
    this.guesses = guesses;
  }

  /** 202: the command is in its queue. */
  MutableHttpResponse<RequestState> kept(PartnerId partner, RequestId id) {
    return accepted(partner, id, RequestStatus.QUEUED);
  }

  /** The outcome as the answer: its own status and body. */
  MutableHttpResponse<?> outcome(Finished finished) {
    guesses.settle(finished);
    MutableHttpResponse<RawJson> response = HttpResponse.status(finished.status(), null);
    var book = NEW_BOOK.matcher(finished.body());
    if (book.matches()) {
      response.header("Content-Location", "/coupons/" + book.group(1));
    }
    return response
        .body(body(finished))
        .contentType(finished.status() < 400 ? MediaType.APPLICATION_JSON_TYPE : PROBLEM_JSON)
        .header(HttpHeaders.LOCATION, path(finished.partner(), finished.id()))
        .header("Preference-Applied", "wait");
  }

  /** The same answer again, to a request that was sent again and has its outcome. */
  MutableHttpResponse<?> replayed(Asked asked, Finished finished) {
    MutableHttpResponse<?> response =
        asked.patience().isPresent()
            ? outcome(finished)
            : accepted(
                finished.partner(), finished.id(), RequestStatus.ofOutcome(finished.status()));
    return response.header(REPLAYED, "true");
  }

  private MutableHttpResponse<RequestState> accepted(
      PartnerId partner, RequestId id, RequestStatus status) {
    return PollPause.tell(
        PollPause.of(id, Instant.now()),
        HttpResponse.accepted()
            .body(new RequestState(ids.text(partner, id), status, null, null))
            .header(HttpHeaders.LOCATION, path(partner, id)));
  }

  /** The state of a request that is asked about. */
  MutableHttpResponse<RequestState> state(
      PartnerId partner, RequestId id, Known known, Optional<Load> load) {
    var finished = known.finished();
    var progress = load.map(LoadProgress::of).orElse(null);
    if (finished != null) {
      guesses.settle(finished);
      return HttpResponse.ok(
          new RequestState(
              ids.text(partner, id),
              RequestStatus.ofOutcome(finished.status()),
              new RequestOutcome(finished.status(), body(finished)),
              progress));
    }
    var status =
        load.isEmpty() || load.get().progress().state() == LoadState.QUEUED
            ? RequestStatus.QUEUED
            : RequestStatus.RUNNING;
    return PollPause.tell(
        load.map(PollPause::of).orElseGet(() -> PollPause.of(id, Instant.now())),
        HttpResponse.ok(new RequestState(ids.text(partner, id), status, null, progress)));
  }

  String path(PartnerId partner, RequestId id) {
    return "/requests/" + ids.text(partner, id);
  }

  // Links are added here: the workers, which write outcomes, know nothing of paths and tags.
  private RawJson body(Finished finished) {
    if (finished.codesKey() == null
        || !(Json.mapper().readTree(finished.body()) instanceof ObjectNode body)) {
      return new RawJson(finished.body());
    }
    body.putObject("links").put("codes", path(finished.partner(), finished.id()) + "/codes");
    return new RawJson(Json.mapper().writeValueAsString(body));
  }
}
