@NullMarked
package dev.couponbook.store;

import org.jspecify.annotations.NullMarked;
