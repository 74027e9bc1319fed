/** Codes by pattern, in amounts too large to be made within their request. */
@NullMarked
package dev.couponbook.ingest.generate;

import org.jspecify.annotations.NullMarked;
