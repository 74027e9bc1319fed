/** Books and codes: what partners ask for, turned into commands, and what they look up. */
@NullMarked
package dev.couponbook.edge.coupon;

import org.jspecify.annotations.NullMarked;
