package dev.couponbook.edge.problem;

import org.jspecify.annotations.Nullable;

/**
 * Why a call was not done, as {@code application/problem+json} (RFC 9457).
 *
 * @param code the stable name of the reason, for machines
 * @param error the reason as a sentence: the member that clients of the first contract read
 * @param field the member, parameter or header that is wrong, if it is one
 */
public record Problem(
    String type, String title, int status, String code, String error, @Nullable String field) {

  public static Problem of(ProblemCode reason, String sentence) {
    return of(reason.status(), reason.code(), sentence);
  }

  /** A reason with a status that is not its usual one. */
  static Problem of(int status, String code, String sentence) {
    return new Problem("about:blank", sentence, status, code, sentence, null);
  }

  public Problem at(String field) {
    return new Problem(type, title, status, code, error, field);
  }
}
