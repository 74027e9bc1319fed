package dev.couponbook.edge.request;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.id.IdempotencyKey;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.security.Caller;
import io.micronaut.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/** The caller of a command, its key, and how long its answer may take. */
public record Asked(PartnerId partner, Optional<IdempotencyKey> key, Optional<Duration> patience) {

  /**
   * @throws ProblemException 400, if the header has no valid key
   */
  public static Asked of(HttpRequest<?> request) {
    var headers = request.getHeaders();
    return new Asked(
        Caller.of(request).partner(),
        IdempotencyKey.parse(headers.getAll(IdempotencyKey.HEADER)),
        PreferWait.parse(headers.getAll(PreferWait.HEADER)));
  }
}
