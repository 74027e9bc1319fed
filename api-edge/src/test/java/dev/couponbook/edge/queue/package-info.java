@NullMarked
package dev.couponbook.edge.queue;

import org.jspecify.annotations.NullMarked;
