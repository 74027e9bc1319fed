package dev.couponbook.store.batch;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.PartnerId;

/** What identifies a code: codes are unique per partner. */
record CodeKey(PartnerId partner, CouponCode code) {}
