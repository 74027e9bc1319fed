package dev.couponbook.edge.problem;

import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.web.router.exceptions.UnsatisfiedRouteException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says in our words whatever the framework refuses or fails at. Its own messages name classes and
 * settings, so none of them passes.
 */
@Singleton
final class ProblemErrors implements ErrorResponseProcessor<Problem> {
  static final MediaType PROBLEM_JSON = MediaType.of("application/problem+json");

  private final Optional<HeadFaults> heads;

  ProblemErrors(Optional<HeadFaults> heads) {
    this.heads = heads;
  }

  @Override
  public MutableHttpResponse<Problem> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    var fault = heads.map(faults -> faults.of(context.getRequest())).orElse(null);
    if (fault instanceof RefusedMessageException refused) {
      return fill(
          response.status(refused.status()),
          Problem.of(refused.status(), refused.code(), String.valueOf(refused.getMessage())));
    }
    int status = status(fault, response.code());
    if (status != response.code()) {
      response.status(status);
    }
    return fill(response, problem(context, status));
  }

  static MutableHttpResponse<Problem> fill(MutableHttpResponse<?> response, Problem problem) {
    @SuppressWarnings("unchecked") // the body decides what the response is of
    var filled = (MutableHttpResponse<Problem>) response.body(problem);
    return filled.contentType(PROBLEM_JSON);
  }

  // The framework has one status for whatever is too long; RFC 6585 and 9110 have one for each
  // part.
  private static int status(@Nullable Throwable fault, int status) {
    if (status != 413) {
      return status;
    }
    return switch (fault) {
      case TooLongHttpLineException _ -> 414;
      case TooLongHttpHeaderException _ -> 431;
      case null, default -> status;
    };
  }

  private static Problem problem(ErrorContext context, int status) {
    return switch (status) {
      case 400 -> badRequest(context);
      case 404 -> Problem.of(404, "not_found", "Not Found");
      case 405 -> Problem.of(405, "method_not_allowed", "This path does not answer to that method");
      case 406 -> Problem.of(406, "not_acceptable", "Answers are JSON");
      case 413 -> Problem.of(413, "body_too_large", "A body may have 256 KiB at most");
      case 414 -> Problem.of(414, "address_too_long", "The address is too long");
      case 415 -> Problem.of(415, "unsupported_media_type", "A body must be application/json");
      case 431 -> Problem.of(431, "headers_too_large", "All headers may have 16 KiB at most");
      default ->
          status < 500
              ? Problem.of(status, "refused", "The request is refused")
              : Problem.of(status, "internal_error", "The request could not be handled");
    };
  }

  private static Problem badRequest(ErrorContext context) {
    var cause = context.getRootCause().orElse(null);
    var field =
        context.getErrors().stream().map(Error::getPath).flatMap(Optional::stream).findFirst();
    if (field.isEmpty()) {
      return Problem.of(400, "bad_request", "The request is not understood");
    }
    var name = field.get().substring(1);
    return switch (cause) {
      case UnsatisfiedRouteException _ ->
          Problem.of(400, "missing", name + " is required").at(name);
      case ConversionErrorException _ ->
          Problem.of(400, "invalid_value", name + " is not of the right form").at(name);
      case null, default -> Problem.of(400, "bad_request", "The request is not understood");
    };
  }
}
