/**
 * The local homes: PostgreSQL, queues, a bucket with its events, an issuer of tokens and a timer,
 * made from the neutral list {@code resources.json}; embedded in one JVM, or in LocalStack.
 *
 * <p>{@code HomeDirectory}, {@code HomeFile}, {@code Ports}, {@code Issuer} and {@code
 * StalePostmaster} need nothing but the JDK and Jackson, so that the launcher can use them without
 * the servers.
 */
@NullMarked
package dev.couponbook.local;

import org.jspecify.annotations.NullMarked;
