package dev.couponbook.edge.problem;

import dev.couponbook.postgres.DatabaseException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database is away, or we asked it something wrong. */
@Singleton
final class AnswerDatabaseFailure implements ExceptionHandler<DatabaseException, HttpResponse<?>> {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(AnswerDatabaseFailure.class);

  private final AnswerProblem answer;

  AnswerDatabaseFailure(AnswerProblem answer) {
    this.answer = answer;
  }

  @Override
  @SuppressWarnings("rawtypes") // as the interface has it
  public HttpResponse<?> handle(HttpRequest request, DatabaseException exception) {
    return answer.handle(
        request,
        switch (exception.kind()) {
          case RETRY, UNAVAILABLE, UNKNOWN_OUTCOME -> {
            LOG.warn("no answer from the database: {}", exception.getMessage());
            yield ProblemException.unavailable("The database does not answer", RETRY_AFTER);
          }
          case CONFLICT, BUG -> {
            LOG.error("a read failed", exception);
            yield new ProblemException(
                Problem.of(ProblemCode.INTERNAL_ERROR, "The request could not be handled"),
                Map.of());
          }
        });
  }
}
