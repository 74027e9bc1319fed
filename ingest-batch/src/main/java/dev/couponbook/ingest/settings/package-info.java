/** What the program can be told. */
@NullMarked
package dev.couponbook.ingest.settings;

import org.jspecify.annotations.NullMarked;
