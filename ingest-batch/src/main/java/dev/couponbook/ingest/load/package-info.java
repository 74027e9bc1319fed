/** What files and generations share: chunks of codes, and the way into the database. */
@NullMarked
package dev.couponbook.ingest.load;

import org.jspecify.annotations.NullMarked;
