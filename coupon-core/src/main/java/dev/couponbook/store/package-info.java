/**
 * All SQL. Each method takes a {@link java.sql.Connection} and runs in its caller's transaction,
 * with the statement in a text block above it. {@code batch} runs commands, {@code load} moves
 * codes by the million, {@code read} only reads, {@code tidy} keeps house; all are written with
 * {@code sql}.
 */
@NullMarked
package dev.couponbook.store;

import org.jspecify.annotations.NullMarked;
