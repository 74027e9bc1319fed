@NullMarked
package dev.couponbook.edge;

import org.jspecify.annotations.NullMarked;
