@NullMarked
package dev.couponbook.coupon;

import org.jspecify.annotations.NullMarked;
