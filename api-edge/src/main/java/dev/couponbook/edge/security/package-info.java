/** Who is calling: tokens, the keys that prove them, and the partners they stand for. */
@NullMarked
package dev.couponbook.edge.security;

import org.jspecify.annotations.NullMarked;
