package dev.couponbook.edge.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.couponbook.edge.route.PublicBase;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.function.aws.proxy.ApiGatewayServletRequest;
import io.micronaut.http.MutableHttpHeaders;
import io.micronaut.http.MutableHttpParameters;
import io.micronaut.servlet.http.BodyBuilder;
import io.micronaut.servlet.http.ServletHttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The request in an event. Micronaut's own reader of such events splits query values at commas,
 * which are valid in an e-mail address, and fails on an empty body; so path, query and body are
 * read here.
 */
final class HttpApiRequest
    extends ApiGatewayServletRequest<Object, APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private static final byte[] NO_BODY = {};

  private final HttpApiResponse response;
  private @Nullable MutableHttpHeaders headers;

  HttpApiRequest(
      APIGatewayV2HTTPEvent event,
      PublicBase base,
      HttpApiResponse response,
      ConversionService conversions,
      BodyBuilder bodies) {
    super(
        conversions,
        event,
        Address.of(event, base),
        parseMethod(() -> event.getRequestContext().getHttp().getMethod()),
        LoggerFactory.getLogger(HttpApiRequest.class),
        bodies);
    this.response = response;
  }

  @Override
  public byte[] getBodyBytes() {
    var body = requestEvent.getBody();
    if (body == null) {
      return NO_BODY;
    }
    return requestEvent.getIsBase64Encoded()
        ? Base64.getDecoder().decode(body)
        : body.getBytes(StandardCharsets.UTF_8);
  }

  // The same object each time: a filter takes a header away.
  @Override
  public MutableHttpHeaders getHeaders() {
    var there = headers;
    if (there == null) {
      there = getHeaders(requestEvent::getHeaders, Map::of);
      headers = there;
    }
    return there;
  }

  @Override
  public MutableHttpParameters getParameters() {
    return getParameters(Map::of, () -> Address.parameters(requestEvent));
  }

  @Override
  public ServletHttpResponse<APIGatewayV2HTTPResponse, ?> getResponse() {
    return response;
  }
}
