package dev.couponbook.store.batch;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.PartnerId;

/** A code by what makes it one: codes are unique per partner. */
record CodeKey(PartnerId partner, CouponCode code) {}
