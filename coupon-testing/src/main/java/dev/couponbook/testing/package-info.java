/** Real PostgreSQL, a clock to be set, rows in every state, and the invariants after every test. */
@NullMarked
package dev.couponbook.testing;

import org.jspecify.annotations.NullMarked;
