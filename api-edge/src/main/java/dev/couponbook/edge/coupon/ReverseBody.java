package dev.couponbook.edge.coupon;

import dev.couponbook.edge.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Why a redemption is taken back. */
public record ReverseBody(@Nullable String reason) {
  static final int MAX_REASON = 500;

  @Nullable String checkedReason() {
    if (reason != null && reason.codePointCount(0, reason.length()) > MAX_REASON) {
      throw ProblemException.invalid(
          "reason", "reason must have " + MAX_REASON + " characters at most");
    }
    return reason;
  }
}
