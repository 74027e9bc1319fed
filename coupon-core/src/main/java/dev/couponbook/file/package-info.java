/** What a file of codes looks like: what its partner says of it, and how it is read. */
@NullMarked
package dev.couponbook.file;

import org.jspecify.annotations.NullMarked;
