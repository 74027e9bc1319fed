package dev.couponbook.edge.problem;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** A problem that our own code found. */
@Singleton
final class AnswerProblem implements ExceptionHandler<ProblemException, HttpResponse<?>> {
  @Override
  @SuppressWarnings("rawtypes") // as the interface has it
  public HttpResponse<?> handle(HttpRequest request, ProblemException exception) {
    var problem = exception.problem();
    MutableHttpResponse<?> response = HttpResponse.status(HttpStatus.valueOf(problem.status()));
    exception.headers().forEach(response::header);
    return ProblemErrors.fill(response, problem);
  }
}
