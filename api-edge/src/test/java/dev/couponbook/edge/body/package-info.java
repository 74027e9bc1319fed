@NullMarked
package dev.couponbook.edge.body;

import org.jspecify.annotations.NullMarked;
