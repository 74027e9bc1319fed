@NullMarked
package dev.couponbook.ingest.part;

import org.jspecify.annotations.NullMarked;
