/** What all programs share: reading settings, and reporting that they are ready. */
@NullMarked
package dev.couponbook.program;

import org.jspecify.annotations.NullMarked;
