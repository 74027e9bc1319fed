/** What files and generations share: blocks of codes, the bucket, staging and undoing. */
@NullMarked
package dev.couponbook.ingest.load;

import org.jspecify.annotations.NullMarked;
