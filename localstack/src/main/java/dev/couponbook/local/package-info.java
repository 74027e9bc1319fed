/**
 * The embedded home: PostgreSQL, queues, a bucket with its events, an issuer of tokens and a timer,
 * all in one JVM, made from the neutral list {@code resources.json}.
 *
 * <p>{@code HomeDirectory}, {@code HomeFile}, {@code Ports}, {@code Issuer} and {@code
 * StalePostmaster} need nothing but the JDK and Jackson, so that the launcher can use them without
 * the servers.
 */
@NullMarked
package dev.couponbook.local;

import org.jspecify.annotations.NullMarked;
