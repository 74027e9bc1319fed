package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.RedemptionId;
import org.jspecify.annotations.Nullable;

/** Gives a use back, once. */
public record ReverseRedemption(RedemptionId redemptionId, @Nullable String reason)
    implements Command {
  public ReverseRedemption {
    requireNonNull(redemptionId, "redemptionId");
  }
}
