package dev.couponbook.edge.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Http;
import java.util.List;
import java.util.Map;

/**
 * Requests that load the code on a request's way and need nothing from outside: one that is open to
 * all, and one that is refused because it has no token.
 */
final class WarmUp {
  private WarmUp() {}

  static List<APIGatewayV2HTTPEvent> requests() {
    return List.of(request("GET", "/health/liveness"), request("POST", "/coupons/assign"));
  }

  private static APIGatewayV2HTTPEvent request(String method, String path) {
    return APIGatewayV2HTTPEvent.builder()
        .withVersion("2.0")
        .withRawPath(path)
        .withHeaders(Map.of("content-type", "application/json"))
        .withRequestContext(
            RequestContext.builder()
                .withHttp(Http.builder().withMethod(method).withPath(path).build())
                .build())
        .build();
  }
}
