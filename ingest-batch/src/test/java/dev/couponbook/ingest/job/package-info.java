@NullMarked
package dev.couponbook.ingest.job;

import org.jspecify.annotations.NullMarked;
