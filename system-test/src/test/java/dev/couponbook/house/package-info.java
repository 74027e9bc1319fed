/** What the whole code must keep to, whichever module it is in. */
@NullMarked
package dev.couponbook.house;

import org.jspecify.annotations.NullMarked;
