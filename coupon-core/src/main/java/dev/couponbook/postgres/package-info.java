/** Transactions, and what a PostgreSQL error means for whoever ran into it. */
@NullMarked
package dev.couponbook.postgres;

import org.jspecify.annotations.NullMarked;
