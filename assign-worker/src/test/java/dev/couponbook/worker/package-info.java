@NullMarked
package dev.couponbook.worker;

import org.jspecify.annotations.NullMarked;
