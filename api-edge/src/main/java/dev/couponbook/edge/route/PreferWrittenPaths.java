package dev.couponbook.edge.route;

import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.Router;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A path that is written out in a route is that route's, whatever the method: {@code GET
 * /coupons/assign} has the wrong method, and is no question about a book called "assign".
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(PreferWrittenPaths.ORDER)
final class PreferWrittenPaths {
  static final int ORDER = RequireKnownParameters.ORDER - 1;

  /** The methods of each path that has no variable. */
  private final Map<String, TreeSet<String>> written = new TreeMap<>();

  PreferWrittenPaths(Router router) {
    router
        .uriRoutes()
        .filter(route -> route.getUriMatchTemplate().getVariableNames().isEmpty())
        .forEach(route ->
            written
                .computeIfAbsent(route.getUriMatchTemplate().toPathString(), _ -> new TreeSet<>())
                .add(route.getHttpMethodName()));
  }

  @RequestFilter
  void refuseOtherMethods(HttpRequest<?> request) {
    var methods = written.get(request.getPath());
    if (methods != null && !methods.contains(request.getMethodName())) {
      throw new ProblemException(
          Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This path does not answer to that method"),
          Map.of(HttpHeaders.ALLOW, String.join(", ", methods)));
    }
  }
}
