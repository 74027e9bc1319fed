/** The edge as a function: what API Gateway hands over becomes a request, and what comes of it. */
@NullMarked
package dev.couponbook.edge.lambda;

import org.jspecify.annotations.NullMarked;
