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
 * Puts into our words whatever the framework refuses or fails at. Its own messages name classes and
 * settings, so none of them gets out.
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
      var problem = refused.problem();
      return fill(response.status(problem.status()), problem);
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

  // The framework has one status for everything that is too long; RFC 6585 and RFC 9110 have one
  // for each part.
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
      // What a route does not find has an exception of its own.
      case 404 -> Problem.of(ProblemCode.NOT_FOUND, ProblemCause.NO_SUCH_CALL, "Not Found");
      case 405 ->
          Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This path does not answer to that method");
      case 406 -> Problem.of(ProblemCode.NOT_ACCEPTABLE, "Answers are JSON");
      case 413 -> Problem.of(ProblemCode.BODY_TOO_LARGE, "A body may have 256 KiB at most");
      case 414 -> Problem.of(ProblemCode.ADDRESS_TOO_LONG, "The address is too long");
      case 415 -> Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "A body must be application/json");
      case 431 -> Problem.of(ProblemCode.HEADERS_TOO_LARGE, "All headers may have 16 KiB at most");
      default ->
          status < 500
              ? Problem.of(ProblemCode.REFUSED, "The request is refused").with(status)
              : Problem.of(ProblemCode.INTERNAL_ERROR, "The request could not be handled")
                  .with(status);
    };
  }

  private static Problem badRequest(ErrorContext context) {
    var cause = context.getRootCause().orElse(null);
    var field =
        context.getErrors().stream().map(Error::getPath).flatMap(Optional::stream).findFirst();
    if (field.isEmpty()) {
      return Problem.of(ProblemCode.BAD_REQUEST, "The request is not understood");
    }
    var name = field.get().substring(1);
    return switch (cause) {
      case UnsatisfiedRouteException _ ->
          Problem.of(ProblemCode.MISSING, name + " is required").at(name);
      case ConversionErrorException _ ->
          Problem.of(ProblemCode.INVALID_VALUE, name + " is not of the right form").at(name);
      case null, default -> Problem.of(ProblemCode.BAD_REQUEST, "The request is not understood");
    };
  }
}
