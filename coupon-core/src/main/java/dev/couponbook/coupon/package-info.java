/** Nouns, rules, states and refusals of the service: plain values that cannot be built wrong. */
@NullMarked
package dev.couponbook.coupon;

import org.jspecify.annotations.NullMarked;
