package dev.couponbook.edge.route;

import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCause;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpParameters;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.MethodBasedRouteInfo;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Refuses a query parameter that the route does not take, as a body's unknown member is refused:
 * whoever writes {@code Limit} for {@code limit} would otherwise get fifty books and never know
 * why. Of a parameter that comes twice, either value could be meant, so that is refused as well.
 *
 * <p>What a route takes is what its method declares as {@link QueryValue}; there is no other list.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(RequireKnownParameters.ORDER)
final class RequireKnownParameters {
  // Behind the token check and the rate: whoever may not call learns nothing of the parameters.
  static final int ORDER = 100;

  @RequestFilter
  void requireKnown(HttpRequest<?> request) {
    if (request.getUri().getRawQuery() != null) {
      RouteAttributes.getRouteInfo(request)
          .ifPresent(route -> requireKnown(taken(route), request.getParameters()));
    }
  }

  private static void requireKnown(List<String> taken, HttpParameters given) {
    for (var name : given.names()) {
      if (!taken.contains(name)) {
        throw new ProblemException(
            Problem.of(ProblemCode.UNKNOWN_PARAMETER, sentence(name, taken)).at(name), Map.of());
      }
      if (given.getAll(name).size() > 1) {
        throw ProblemException.invalid(
            name, ProblemCause.GIVEN_TWICE, name + " must be given once");
      }
    }
  }

  private static String sentence(String name, List<String> taken) {
    return name
        + " is not a parameter of this call, which takes "
        + (taken.isEmpty() ? "none" : String.join(", ", taken));
  }

  private static List<String> taken(RouteInfo<?> route) {
    return route instanceof MethodBasedRouteInfo<?, ?> method
        ? Arrays.stream(method.getTargetMethod().getArguments())
            .filter(argument -> argument.getAnnotationMetadata().hasAnnotation(QueryValue.class))
            .map(Argument::getName)
            .sorted()
            .toList()
        : List.of();
  }
}
