/** JSON in and out: bodies that are read strictly, and answers that are written once. */
@NullMarked
package dev.couponbook.edge.body;

import org.jspecify.annotations.NullMarked;
