/** What is read and never written: the answers of the edge and of the operators' commands. */
@NullMarked
package dev.couponbook.store.read;

import org.jspecify.annotations.NullMarked;
