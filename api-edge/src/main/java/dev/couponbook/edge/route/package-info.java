/** What every route asks of a request before it runs: its path, its parameters, its Accept. */
@NullMarked
package dev.couponbook.edge.route;

import org.jspecify.annotations.NullMarked;
