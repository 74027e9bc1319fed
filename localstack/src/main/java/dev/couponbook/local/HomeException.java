package dev.couponbook.local;

/** Why a home cannot be started or read, in one sentence that also says what to do. */
public final class HomeException extends RuntimeException {
  public HomeException(String sentence) {
    super(sentence);
  }

  public HomeException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
