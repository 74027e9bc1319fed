/**
 * What is held at the socket, before there is a request: message boundaries, the few lines of RFC
 * 9112 that the decoder leaves open, slow senders, and how many may be connected.
 */
@NullMarked
package dev.couponbook.edge.connection;

import org.jspecify.annotations.NullMarked;
