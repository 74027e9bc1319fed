/** The queues and their dead letters. */
@NullMarked
package dev.couponbook.cli.queue;

import org.jspecify.annotations.NullMarked;
