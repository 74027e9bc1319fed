/** What the edge tells whoever runs it: metrics, one line a request, the trace of a command. */
@NullMarked
package dev.couponbook.edge.running;

import org.jspecify.annotations.NullMarked;
