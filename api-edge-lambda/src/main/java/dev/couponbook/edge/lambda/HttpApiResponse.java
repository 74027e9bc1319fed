package dev.couponbook.edge.lambda;

import io.micronaut.core.convert.ConversionService;
import io.micronaut.function.BinaryTypeConfiguration;
import io.micronaut.function.aws.proxy.payload2.APIGatewayV2HTTPResponseServletResponse;

/** What goes back to API Gateway. */
final class HttpApiResponse extends APIGatewayV2HTTPResponseServletResponse<Object> {
  HttpApiResponse(ConversionService conversions, BinaryTypeConfiguration binary) {
    super(conversions, binary);
  }
}
