@NullMarked
package dev.couponbook.cli.schema;

import org.jspecify.annotations.NullMarked;
