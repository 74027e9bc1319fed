/** Files in the bucket, and how a partner reaches them for some minutes. */
@NullMarked
package dev.couponbook.edge.file;

import org.jspecify.annotations.NullMarked;
