package dev.couponbook.edge.problem;

import dev.couponbook.coupon.InvalidValueException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** A value that core refuses; its sentence begins with the name of the field. */
@Singleton
final class AnswerInvalidValue implements ExceptionHandler<InvalidValueException, HttpResponse<?>> {
  private final AnswerProblem answer;

  AnswerInvalidValue(AnswerProblem answer) {
    this.answer = answer;
  }

  @Override
  @SuppressWarnings("rawtypes") // as the interface has it
  public HttpResponse<?> handle(HttpRequest request, InvalidValueException exception) {
    var sentence = String.valueOf(exception.getMessage());
    return answer.handle(
        request, ProblemException.invalid(sentence.substring(0, firstSpace(sentence)), sentence));
  }

  private static int firstSpace(String sentence) {
    int space = sentence.indexOf(' ');
    return space < 0 ? sentence.length() : space;
  }
}
