@NullMarked
package dev.couponbook.file;

import org.jspecify.annotations.NullMarked;
