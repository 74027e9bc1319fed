package dev.couponbook.edge.request;

import dev.couponbook.coupon.RequestId;
import dev.couponbook.store.read.ReadLoads.Load;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MutableHttpResponse;
import java.time.Duration;
import java.time.Instant;

/**
 * When to ask again: soon if the request is young, because most commands take milliseconds; later
 * if it has taken long already, or tells when it will end.
 */
public final class PollPause {
  static final Duration SHORTEST = Duration.ofSeconds(1);
  static final Duration LONGEST = Duration.ofSeconds(30);
  // A pause of a fifth of the time that has passed makes the news a fifth late at most.
  private static final int PART_OF_AGE = 5;

  private PollPause() {}

  /** For a request without progress. Only an id that we made ourselves says how old it is. */
  public static Duration of(RequestId id, Instant now) {
    return id.madeAt()
        .map(made -> bounded(Duration.between(made, now).dividedBy(PART_OF_AGE)))
        .orElse(SHORTEST);
  }

  /** For a load that runs: half of what it thinks it needs. */
  public static Duration of(Load load) {
    var end = load.progress().estimatedEnd();
    return end == null ? SHORTEST : bounded(Duration.between(load.now(), end).dividedBy(2));
  }

  /** Says so in the answer, in whole seconds. */
  public static <T> MutableHttpResponse<T> tell(Duration pause, MutableHttpResponse<T> response) {
    return response.header(HttpHeaders.RETRY_AFTER, Long.toString(pause.toSeconds()));
  }

  private static Duration bounded(Duration pause) {
    return pause.compareTo(SHORTEST) < 0
        ? SHORTEST
        : pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }
}
