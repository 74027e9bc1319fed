@NullMarked
package dev.couponbook;

import org.jspecify.annotations.NullMarked;
