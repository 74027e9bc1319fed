@NullMarked
package dev.couponbook.testing;

import org.jspecify.annotations.NullMarked;
