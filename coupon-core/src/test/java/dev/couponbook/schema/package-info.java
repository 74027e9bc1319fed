@NullMarked
package dev.couponbook.schema;

import org.jspecify.annotations.NullMarked;
