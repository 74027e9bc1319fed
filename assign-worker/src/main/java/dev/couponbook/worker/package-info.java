/** The worker: commands in from the queue, transactions out. */
@NullMarked
package dev.couponbook.worker;

import org.jspecify.annotations.NullMarked;
