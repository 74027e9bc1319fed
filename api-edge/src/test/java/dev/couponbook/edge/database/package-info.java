@NullMarked
package dev.couponbook.edge.database;

import org.jspecify.annotations.NullMarked;
