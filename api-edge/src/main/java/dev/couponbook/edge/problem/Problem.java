package dev.couponbook.edge.problem;

import dev.couponbook.coupon.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was not done, as {@code application/problem+json} (RFC 9457).
 *
 * @param code the stable name of the reason, for machines
 * @param error the reason as a sentence: the member that clients of the first contract read
 * @param cause which of the reason's causes it is, for machines
 * @param detail what to do about it, for people
 * @param field the member, parameter or header that is wrong, if it is one
 */
public record Problem(
    String type,
    String title,
    int status,
    String code,
    String error,
    @Nullable String cause, // absent in outcomes of before there were causes
    @Nullable String detail,
    @Nullable String field) {

  /** A reason with its usual cause. */
  public static Problem of(ProblemCode reason, String sentence) {
    return of(reason, reason.causes().getFirst(), sentence);
  }

  /** A reason with another one of its causes. */
  public static Problem of(ProblemCode reason, ProblemCause cause, String sentence) {
    if (!reason.causes().contains(cause)) {
      throw new IllegalArgumentException(cause + " is no cause of " + reason);
    }
    return problem(reason.status(), reason.code(), sentence, cause.word(), cause.detail());
  }

  /** What a worker would refuse as well, with its usual cause. */
  static Problem of(Refusal reason) {
    var cause = reason.causes().getFirst();
    return problem(reason.status(), reason.code(), reason.sentence(), cause.word(), cause.detail());
  }

  private static Problem problem(
      int status, String code, String sentence, String cause, String detail) {
    return new Problem("about:blank", sentence, status, code, sentence, cause, detail, null);
  }

  public Problem at(String field) {
    return new Problem(type, title, status, code, error, cause, detail, field);
  }

  /** With a status that is not the reason's usual one. */
  Problem with(int otherStatus) {
    return new Problem(type, title, otherStatus, code, error, cause, detail, field);
  }
}
