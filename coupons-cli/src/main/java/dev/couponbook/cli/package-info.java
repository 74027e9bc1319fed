/** The launcher behind {@code ./coupons}: its table of contents, and one package per subject. */
@NullMarked
package dev.couponbook.cli;

import org.jspecify.annotations.NullMarked;
