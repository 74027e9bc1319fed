/** {@code ./coupons books} and {@code ./coupons codes}: books and codes of all partners. */
@NullMarked
package dev.couponbook.cli.book;

import org.jspecify.annotations.NullMarked;
