package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.LoadId;

/** Removes the codes of a finished load that were never assigned. */
public record UndoLoad(LoadId loadId) implements Command {
  public UndoLoad {
    requireNonNull(loadId, "loadId");
  }
}
