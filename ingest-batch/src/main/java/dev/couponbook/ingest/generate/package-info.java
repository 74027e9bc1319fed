/** Codes by pattern, in amounts too large for an answer. */
@NullMarked
package dev.couponbook.ingest.generate;

import org.jspecify.annotations.NullMarked;
