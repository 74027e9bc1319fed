package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import org.jspecify.annotations.Nullable;

/** Who holds the code, and the lock that they took. */
public record HolderBody(Email email, @Nullable LockToken lockToken) {}
