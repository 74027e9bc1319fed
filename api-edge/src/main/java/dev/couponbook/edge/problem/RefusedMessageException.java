package dev.couponbook.edge.problem;

/** A message that is no valid request; the connection ends after the answer to it. */
public final class RefusedMessageException extends RuntimeException {
  private final ProblemCode reason;

  public RefusedMessageException(ProblemCode reason, String sentence) {
    super(sentence, null, false, false); // a stack trace would say nothing
    this.reason = reason;
  }

  public static RefusedMessageException malformed(String sentence) {
    return new RefusedMessageException(ProblemCode.BAD_REQUEST, sentence);
  }

  /** What the sender is told, with the status of the reason. */
  public Problem problem() {
    return Problem.of(reason, String.valueOf(getMessage()));
  }
}
