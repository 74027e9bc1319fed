/** Files: what a row is, and the way from an upload's event to its report. */
@NullMarked
package dev.couponbook.ingest.upload;

import org.jspecify.annotations.NullMarked;
