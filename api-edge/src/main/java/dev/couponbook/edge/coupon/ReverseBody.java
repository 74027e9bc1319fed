package dev.couponbook.edge.coupon;

import org.jspecify.annotations.Nullable;

/** Why a redemption is taken back. */
public record ReverseBody(@Nullable String reason) {
  @Nullable String checkedReason() {
    return ReasonBody.checked(reason);
  }
}
