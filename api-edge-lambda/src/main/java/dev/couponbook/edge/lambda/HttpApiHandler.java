package dev.couponbook.edge.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.couponbook.edge.route.PublicBase;
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
  private final PublicBase base;

  HttpApiHandler(ApplicationContext context) {
    super(context, context.getBean(ConversionService.class));
    conversions = context.getBean(ConversionService.class);
    binary = context.getBean(BinaryTypeConfiguration.class);
    bodies = context.getBean(BodyBuilder.class);
    base = context.getBean(PublicBase.class);
  }

  @Override
  protected ServletExchange<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> createExchange(
      APIGatewayV2HTTPEvent event, APIGatewayV2HTTPResponse ignored) {
    return new HttpApiRequest(
        event, base, new HttpApiResponse(conversions, binary), conversions, bodies);
  }
}
