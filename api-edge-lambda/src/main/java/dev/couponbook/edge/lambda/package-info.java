/** The edge as a function: events of API Gateway become requests, and answers go back to it. */
@NullMarked
package dev.couponbook.edge.lambda;

import org.jspecify.annotations.NullMarked;
