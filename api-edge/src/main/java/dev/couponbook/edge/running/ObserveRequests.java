package dev.couponbook.edge.running;

import dev.couponbook.edge.security.Caller;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Times each request, and logs a line about it, with the route's pattern and the partner's number.
 * Address, query, headers and body are never logged, because they hold codes, e-mail addresses and
 * tokens.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ObserveRequests {
  private static final String BEGAN = "dev.couponbook.began";
  private static final String NO_ROUTE = "none";
  private static final Logger ACCESS = LoggerFactory.getLogger("access");

  private final MeterRegistry meters;
  private final boolean accessLog;

  ObserveRequests(MeterRegistry meters, RunningSettings settings) {
    this.meters = meters;
    this.accessLog = settings.accessLog();
  }

  @RequestFilter
  void begin(HttpRequest<?> request) {
    request.setAttribute(BEGAN, System.nanoTime());
  }

  @ResponseFilter
  void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
    var trace = TraceId.of(request);
    response.header("Trace-Id", trace.hex());
    response.header("X-Content-Type-Options", "nosniff");
    if (!response.getHeaders().contains(HttpHeaders.CACHE_CONTROL)) {
      response.header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
    Optional<Long> began = request.getAttribute(BEGAN, Long.class);
    if (began.isEmpty()) {
      return;
    }
    var took = Duration.ofNanos(System.nanoTime() - began.get());
    var route = BasicHttpAttributes.getUriTemplate(request).orElse(NO_ROUTE);
    meters
        .timer(
            "http.server.requests",
            "method",
            method(request),
            "uri",
            route,
            "status",
            Integer.toString(response.code()))
        .record(took);
    if (accessLog) {
      ACCESS.info(
          "{} {} {} {} us partner {} trace {}",
          method(request),
          route,
          response.code(),
          took.toNanos() / 1_000,
          Caller.find(request).map(caller -> caller.partner().value()).orElse(0),
          trace.hex());
    }
  }

  // A sender can invent methods: as labels, each would be a series of its own.
  private static String method(HttpRequest<?> request) {
    return switch (request.getMethod()) {
      case GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS -> request.getMethodName();
      case TRACE, CONNECT, CUSTOM -> "other";
    };
  }
}
