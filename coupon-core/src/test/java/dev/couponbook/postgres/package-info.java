@NullMarked
package dev.couponbook.postgres;

import org.jspecify.annotations.NullMarked;
