/** The way of a command to SQS, many of them in one call. */
@NullMarked
package dev.couponbook.edge.queue;

import org.jspecify.annotations.NullMarked;
