/** The one JSON mapper of all programs. */
@NullMarked
package dev.couponbook.json;

import org.jspecify.annotations.NullMarked;
