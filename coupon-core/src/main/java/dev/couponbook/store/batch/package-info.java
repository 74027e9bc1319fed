/**
 * A batch of commands in one transaction: rows locked, commands decided, changes written, outcomes
 * recorded.
 */
@NullMarked
package dev.couponbook.store.batch;

import org.jspecify.annotations.NullMarked;
