/** What the edge tells its operators: metrics, one line per request, the trace of a command. */
@NullMarked
package dev.couponbook.edge.running;

import org.jspecify.annotations.NullMarked;
