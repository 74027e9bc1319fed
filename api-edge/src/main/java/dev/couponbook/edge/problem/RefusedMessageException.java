package dev.couponbook.edge.problem;

/** A message that is not taken for a request; the connection ends with its answer. */
public final class RefusedMessageException extends RuntimeException {
  private final ProblemCode reason;

  public RefusedMessageException(ProblemCode reason, String sentence) {
    super(sentence, null, false, false); // its place in the code says nothing
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
