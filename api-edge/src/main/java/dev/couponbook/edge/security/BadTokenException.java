package dev.couponbook.edge.security;

import dev.couponbook.edge.problem.ProblemCause;

/**
 * A token that proves nothing. The message is a sentence for the caller, without the token. It says
 * what is wrong, because an expired token or a wrong clock is everybody's first problem.
 */
final class BadTokenException extends Exception {
  private final ProblemCause cause;

  BadTokenException(String message) {
    this(ProblemCause.BAD_TOKEN, message);
  }

  BadTokenException(ProblemCause cause, String message) {
    super(message, null, false, false);
    this.cause = cause;
  }

  ProblemCause cause() {
    return cause;
  }
}
