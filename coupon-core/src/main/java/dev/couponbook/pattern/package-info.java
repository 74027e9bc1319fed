/**
 * Codes by pattern: what a code may look like, how many such codes there are, and a keyed order in
 * which to make them.
 */
@NullMarked
package dev.couponbook.pattern;

import org.jspecify.annotations.NullMarked;
