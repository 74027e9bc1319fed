package dev.couponbook.edge.security;

/**
 * A token that proves nothing. The message is a sentence for the caller, without the token: it says
 * what is wrong, as an expired token and a wrong clock are everybody's first problem.
 */
final class BadTokenException extends Exception {
  BadTokenException(String message) {
    super(message, null, false, false);
  }
}
