package dev.couponbook.command;

import org.jspecify.annotations.Nullable;

/**
 * A message that no program of this version can read. It goes to the dead letters; reading it again
 * would not help.
 */
public final class UndecodableMessageException extends RuntimeException {
  public UndecodableMessageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
