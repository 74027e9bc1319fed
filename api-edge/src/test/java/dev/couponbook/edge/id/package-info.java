@NullMarked
package dev.couponbook.edge.id;

import org.jspecify.annotations.NullMarked;
