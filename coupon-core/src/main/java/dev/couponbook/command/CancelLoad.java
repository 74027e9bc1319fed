package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.LoadId;

/** Stops a load at its next chunk. */
public record CancelLoad(LoadId loadId) implements Command {
  public CancelLoad {
    requireNonNull(loadId, "loadId");
  }
}
