/** What the programs that take messages off queues have in common. */
@NullMarked
package dev.couponbook.queue;

import org.jspecify.annotations.NullMarked;
