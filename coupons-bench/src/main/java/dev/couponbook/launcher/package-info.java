/** The launcher with the commands that measure. */
@NullMarked
package dev.couponbook.launcher;

import org.jspecify.annotations.NullMarked;
