@NullMarked
package dev.couponbook.ingest.generate;

import org.jspecify.annotations.NullMarked;
