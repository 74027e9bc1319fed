@NullMarked
package dev.couponbook.store.batch;

import org.jspecify.annotations.NullMarked;
