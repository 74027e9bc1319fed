@NullMarked
package dev.couponbook.ingest.load;

import org.jspecify.annotations.NullMarked;
