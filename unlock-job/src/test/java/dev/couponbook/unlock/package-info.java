@NullMarked
package dev.couponbook.unlock;

import org.jspecify.annotations.NullMarked;
