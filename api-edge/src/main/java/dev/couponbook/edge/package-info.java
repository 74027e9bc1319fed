/** The program: its settings, its start and end, and the pages that need no token. */
@NullMarked
package dev.couponbook.edge;

import org.jspecify.annotations.NullMarked;
