@NullMarked
package dev.couponbook.ingest;

import org.jspecify.annotations.NullMarked;
