/** The API, as a partner calls it. */
@NullMarked
package dev.couponbook.cli.edge;

import org.jspecify.annotations.NullMarked;
