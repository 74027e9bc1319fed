/** Ids that carry their own proof, and the keys that partners name their acts by. */
@NullMarked
package dev.couponbook.edge.id;

import org.jspecify.annotations.NullMarked;
