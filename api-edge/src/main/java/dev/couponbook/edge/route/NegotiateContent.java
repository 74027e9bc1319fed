package dev.couponbook.edge.route;

import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpHeaders;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.annotation.PreMatching;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteInfo;
import java.util.Map;

/**
 * Says 406 to whoever would not take the answer of a route, before the route does anything (RFC
 * 9110, 12.5.1). Refusals are problems, whatever was asked for.
 *
 * <p>The framework would compare the header with a route's types letter by letter, so it does not
 * get to see it.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(NegotiateContent.ORDER)
final class NegotiateContent {
  static final int ORDER = RequireKnownParameters.ORDER + 1;
  private static final String ATTRIBUTE = "dev.couponbook.accepted";

  @PreMatching
  @RequestFilter
  void takeHeader(HttpRequest<?> request) {
    if (request.getHeaders() instanceof MutableHttpHeaders headers
        && headers.contains(HttpHeaders.ACCEPT)) {
      request.setAttribute(ATTRIBUTE, Accepted.of(headers.getAll(HttpHeaders.ACCEPT)));
      headers.remove(HttpHeaders.ACCEPT);
    }
  }

  @RequestFilter
  void negotiate(HttpRequest<?> request) {
    request
        .getAttribute(ATTRIBUTE, Accepted.class)
        .ifPresent(accepted ->
            RouteAttributes.getRouteInfo(request).ifPresent(route -> require(accepted, route)));
  }

  private static void require(Accepted accepted, RouteInfo<?> route) {
    if (!route.producesAll()
        && !route.getAnnotationMetadata().hasAnnotation(AnyAccept.class)
        && route.getProduces().stream().noneMatch(accepted::allows)) {
      throw new ProblemException(
          Problem.of(ProblemCode.NOT_ACCEPTABLE, "Answers are JSON"), Map.of());
    }
  }
}
