@NullMarked
package dev.couponbook.program;

import org.jspecify.annotations.NullMarked;
