/** Imports and generations: uploading, watching, and the orders of operators. */
@NullMarked
package dev.couponbook.cli.load;

import org.jspecify.annotations.NullMarked;
