/** The work on one part of a load: read a block, sort it, write it, commit. */
@NullMarked
package dev.couponbook.ingest.part;

import org.jspecify.annotations.NullMarked;
