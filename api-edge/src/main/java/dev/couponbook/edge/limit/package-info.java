/** How much one partner, and one user of a partner, may ask of this edge. */
@NullMarked
package dev.couponbook.edge.limit;

import org.jspecify.annotations.NullMarked;
