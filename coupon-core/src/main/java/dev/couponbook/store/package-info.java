/**
 * All SQL. Each method takes a {@link java.sql.Connection} and runs in its caller's transaction,
 * with the statement in a text block above it.
 */
@NullMarked
package dev.couponbook.store;

import org.jspecify.annotations.NullMarked;
