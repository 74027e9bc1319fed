/**
 * The jobs, the parts that they send over a queue, and what goes on with a job if a process dies.
 */
@NullMarked
package dev.couponbook.ingest.job;

import org.jspecify.annotations.NullMarked;
