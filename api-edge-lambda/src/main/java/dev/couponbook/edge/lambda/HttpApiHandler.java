package dev.couponbook.edge.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.micronaut.context.ApplicationContext;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.function.BinaryTypeConfiguration;
import io.micronaut.servlet.http.BodyBuilder;
import io.micronaut.servlet.http.ServletExchange;
import io.micronaut.servlet.http.ServletHttpHandler;

/** Routes requests as the server does. */
final class HttpApiHandler
    extends ServletHttpHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private final ConversionService conversions;
  private final BinaryTypeConfiguration binary;
  private final BodyBuilder bodies;

  HttpApiHandler(ApplicationContext context) {
    super(context, context.getBean(ConversionService.class));
    conversions = context.getBean(ConversionService.class);
    binary = context.getBean(BinaryTypeConfiguration.class);
    bodies = context.getBean(BodyBuilder.class);
  }

  @Override
  protected ServletExchange<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> createExchange(
      APIGatewayV2HTTPEvent event, APIGatewayV2HTTPResponse ignored) {
    return new HttpApiRequest(event, new HttpApiResponse(conversions, binary), conversions, bodies);
  }
}
