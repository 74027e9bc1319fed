package dev.couponbook.command;

/**
 * A message that no program of this version can read. It goes to the dead letters; reading it again
 * would not help.
 */
public final class UndecodableMessageException extends RuntimeException {
  public UndecodableMessageException(String message) {
    super(message);
  }
}
