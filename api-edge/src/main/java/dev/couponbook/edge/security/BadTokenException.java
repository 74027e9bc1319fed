package dev.couponbook.edge.security;

/**
 * A token that proves nothing. The message is a sentence for the caller, without the token. It says
 * what is wrong, because an expired token or a wrong clock is everybody's first problem.
 */
final class BadTokenException extends Exception {
  BadTokenException(String message) {
    super(message, null, false, false);
  }
}
