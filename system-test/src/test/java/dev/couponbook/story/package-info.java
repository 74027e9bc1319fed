/**
 * What partners and operators do with Couponbook, told through HTTP and {@code ./coupons} against
 * the real programs. One home serves the whole run; each story has a partner of its own.
 */
@NullMarked
package dev.couponbook.story;

import org.jspecify.annotations.NullMarked;
