package dev.couponbook.edge.problem;

/** A message that is not taken for a request; the connection ends with its answer. */
public final class RefusedMessageException extends RuntimeException {
  private final int status;
  private final String code;

  public RefusedMessageException(int status, String code, String sentence) {
    super(sentence, null, false, false); // its place in the code says nothing
    this.status = status;
    this.code = code;
  }

  public static RefusedMessageException malformed(String sentence) {
    return new RefusedMessageException(400, "bad_request", sentence);
  }

  public int status() {
    return status;
  }

  /** The stable name of the reason. */
  public String code() {
    return code;
  }
}
