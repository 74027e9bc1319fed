@NullMarked
package dev.couponbook.edge.lambda;

import org.jspecify.annotations.NullMarked;
