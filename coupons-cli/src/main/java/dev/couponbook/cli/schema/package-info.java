/** The schema of a database that is not a home's. */
@NullMarked
package dev.couponbook.cli.schema;

import org.jspecify.annotations.NullMarked;
