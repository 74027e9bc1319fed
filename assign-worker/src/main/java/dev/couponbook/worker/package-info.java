/** The worker: takes commands from the queue and runs them in transactions. */
@NullMarked
package dev.couponbook.worker;

import org.jspecify.annotations.NullMarked;
