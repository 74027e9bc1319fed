/** Transactions, and what a PostgreSQL error means for the caller. */
@NullMarked
package dev.couponbook.postgres;

import org.jspecify.annotations.NullMarked;
