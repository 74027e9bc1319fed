/**
 * What every program of the service does alike: reading its settings, and saying that it is ready.
 */
@NullMarked
package dev.couponbook.program;

import org.jspecify.annotations.NullMarked;
