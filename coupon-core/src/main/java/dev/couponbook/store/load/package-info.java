/**
 * Loads and their codes: a file's or a generation's rows on their way into the tables, and back
 * out.
 */
@NullMarked
package dev.couponbook.store.load;

import org.jspecify.annotations.NullMarked;
