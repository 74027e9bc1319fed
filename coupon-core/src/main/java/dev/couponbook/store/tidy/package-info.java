/** Housekeeping: the sweep, the invariants, partners. */
@NullMarked
package dev.couponbook.store.tidy;

import org.jspecify.annotations.NullMarked;
