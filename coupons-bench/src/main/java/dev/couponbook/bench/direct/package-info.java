/**
 * The service that one would write in an afternoon, as a yardstick: one HTTP call, one transaction,
 * one answer. No queue, no tokens, no keys, no audit.
 */
@NullMarked
package dev.couponbook.bench.direct;

import org.jspecify.annotations.NullMarked;
