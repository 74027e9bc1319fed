package dev.couponbook.command;

import dev.couponbook.coupon.LoadId;

/** Stops a load at its next chunk edge. */
public record CancelLoad(LoadId loadId) implements Command {}
