/** A request's way through the edge: its id, its key, its message, the wait for its outcome. */
@NullMarked
package dev.couponbook.edge.request;

import org.jspecify.annotations.NullMarked;
