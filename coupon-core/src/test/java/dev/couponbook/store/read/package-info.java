@NullMarked
package dev.couponbook.store.read;

import org.jspecify.annotations.NullMarked;
