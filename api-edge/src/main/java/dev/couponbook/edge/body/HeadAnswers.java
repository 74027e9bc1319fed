package dev.couponbook.edge.body;

import dev.couponbook.json.Json;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.RouteAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Gives the answer to HEAD the length and type that GET would have (RFC 9110, 9.3.2). The framework
 * drops the body with both, and closes the connection because the end is then unknown.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE) // outside the token check: its refusals have a length too
final class HeadAnswers {
  @ResponseFilter
  void describe(HttpRequest<?> request, MutableHttpResponse<?> response) {
    if (request.getMethod() != HttpMethod.HEAD || response.code() == 304) {
      return;
    }
    var body = RouteAttributes.getHeadBody(response).orElseGet(response::body);
    response.header(HttpHeaders.CONTENT_LENGTH, Integer.toString(length(body)));
    if (body != null && response.getContentType().isEmpty()) {
      response.contentType(MediaType.APPLICATION_JSON_TYPE);
    }
  }

  private static int length(@Nullable Object body) {
    return switch (body) {
      case null -> 0;
      case byte[] bytes -> bytes.length;
      default -> Json.mapper().writeValueAsBytes(body).length;
    };
  }
}
