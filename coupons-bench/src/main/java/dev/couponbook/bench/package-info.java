/** Benchmarks of a home that is up, each beside a yardstick of the same run. */
@NullMarked
package dev.couponbook.bench;

import org.jspecify.annotations.NullMarked;
