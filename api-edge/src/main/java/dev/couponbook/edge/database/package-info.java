/** The pool of connections to PostgreSQL, which can only read. */
@NullMarked
package dev.couponbook.edge.database;

import org.jspecify.annotations.NullMarked;
