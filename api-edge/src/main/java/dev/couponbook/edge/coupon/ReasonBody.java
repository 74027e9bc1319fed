package dev.couponbook.edge.coupon;

import dev.couponbook.edge.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Why something is done, in the partner's own words. */
public record ReasonBody(@Nullable String reason) {
  private static final int MAX_REASON = 500;
  private static final int MAX_REQUIRED = 200;

  /** The reason of a body that may have been left out. */
  static @Nullable String of(@Nullable ReasonBody body) {
    return body == null ? null : checked(body.reason);
  }

  /**
   * A reason without which the thing is not done.
   *
   * @throws ProblemException 400 if it says nothing, or is too long
   */
  static String required(String reason) {
    if (reason.isBlank() || reason.codePointCount(0, reason.length()) > MAX_REQUIRED) {
      throw ProblemException.invalid(
          "reason", "reason must have 1 to " + MAX_REQUIRED + " characters, not only spaces");
    }
    return reason;
  }

  /**
   * @throws ProblemException 400 if it is too long
   */
  static @Nullable String checked(@Nullable String reason) {
    if (reason != null && reason.codePointCount(0, reason.length()) > MAX_REASON) {
      throw ProblemException.invalid(
          "reason", "reason must have " + MAX_REASON + " characters at most");
    }
    return reason;
  }
}
