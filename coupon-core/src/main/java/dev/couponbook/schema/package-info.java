/** The database schema and the way to bring a database up to it. */
@NullMarked
package dev.couponbook.schema;

import org.jspecify.annotations.NullMarked;
