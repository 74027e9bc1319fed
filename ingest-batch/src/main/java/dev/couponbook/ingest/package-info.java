/**
 * The ingest program: files and generations become codes, by jobs that any number of processes
 * share.
 */
@NullMarked
package dev.couponbook.ingest;

import org.jspecify.annotations.NullMarked;
