/** Rules for all code, whichever module it is in. */
@NullMarked
package dev.couponbook.house;

import org.jspecify.annotations.NullMarked;
