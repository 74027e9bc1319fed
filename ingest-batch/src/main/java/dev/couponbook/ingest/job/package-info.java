/** The jobs, their parts over a queue, and what brings a job on when a process dies. */
@NullMarked
package dev.couponbook.ingest.job;

import org.jspecify.annotations.NullMarked;
