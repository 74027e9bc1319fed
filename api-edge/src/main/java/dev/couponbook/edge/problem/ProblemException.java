package dev.couponbook.edge.problem;

import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.Refusal;
import java.time.Duration;
import java.util.Map;

/** Ends a call with a problem. Nothing failed here; the caller is told what is wrong. */
public final class ProblemException extends RuntimeException {
  private final transient Problem problem;
  private final transient Map<String, String> headers;

  public ProblemException(Problem problem, Map<String, String> headers) {
    super(problem.error(), null, false, false); // a stack trace would say nothing
    this.problem = problem;
    this.headers = Map.copyOf(headers);
  }

  public static ProblemException badRequest(ProblemCode reason, String sentence) {
    return new ProblemException(Problem.of(reason, sentence), Map.of());
  }

  /** 400: a value that breaks the rule of its kind, and the member that it is in. */
  public static ProblemException invalid(String field, String sentence) {
    return new ProblemException(
        Problem.of(ProblemCode.INVALID_VALUE, sentence).at(field), Map.of());
  }

  /** 400: a value that breaks its rule for a cause of its own. */
  public static ProblemException invalid(String field, ProblemCause cause, String sentence) {
    return new ProblemException(
        Problem.of(ProblemCode.INVALID_VALUE, cause, sentence).at(field), Map.of());
  }

  /**
   * 400: a value inside a member of the body.
   *
   * @param refused whose sentence begins with the name of what is wrong
   */
  public static ProblemException invalidIn(String member, InvalidValueException refused) {
    var sentence = member + "." + refused.getMessage();
    return invalid(sentence.split(" ", 2)[0], sentence);
  }

  /** 404: the one answer for what is absent and for what is another partner's. */
  public static ProblemException notFound() {
    return new ProblemException(Problem.of(ProblemCode.NOT_FOUND, "Not Found"), Map.of());
  }

  /** Says which thing is absent; 404 whatever the status of the refusal is. */
  public static ProblemException notFound(Refusal absent) {
    return new ProblemException(Problem.of(absent).with(404), Map.of());
  }

  /** What a worker would refuse as well; the edge knows it without asking. */
  public static ProblemException refused(Refusal reason) {
    return new ProblemException(Problem.of(reason), Map.of());
  }

  /** 503: a part of the service is away, and nothing happened. */
  public static ProblemException unavailable(String sentence, Duration retryAfter) {
    return new ProblemException(
        Problem.of(ProblemCode.UNAVAILABLE, sentence),
        Map.of("Retry-After", Long.toString(retryAfter.toSeconds())));
  }

  public Problem problem() {
    return problem;
  }

  public Map<String, String> headers() {
    return headers;
  }
}
