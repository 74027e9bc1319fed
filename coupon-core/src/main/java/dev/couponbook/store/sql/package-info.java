/**
 * What every statement of the store is made with: parameters, column arrays, rows that are read.
 */
@NullMarked
package dev.couponbook.store.sql;

import org.jspecify.annotations.NullMarked;
