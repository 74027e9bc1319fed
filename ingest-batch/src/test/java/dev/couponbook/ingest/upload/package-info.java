@NullMarked
package dev.couponbook.ingest.upload;

import org.jspecify.annotations.NullMarked;
