/** Files: what a row is, and the way from the event of an upload to its report. */
@NullMarked
package dev.couponbook.ingest.upload;

import org.jspecify.annotations.NullMarked;
