package dev.couponbook.bench.direct;

import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;

/** Errors are a status and a sentence; the framework's own would need its JSON mapper. */
@Singleton
final class DirectErrors implements ErrorResponseProcessor<String> {
  @Override
  public MutableHttpResponse<String> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    @SuppressWarnings("unchecked") // the body decides what the response is of
    var filled =
        (MutableHttpResponse<String>) response.body("{\"status\":%d}".formatted(response.code()));
    return filled;
  }
}
